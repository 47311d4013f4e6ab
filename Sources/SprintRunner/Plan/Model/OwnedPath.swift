/// What a plan names when it speaks of files: one file, a pattern or a directory with all that is in it.
///
/// Paths are relative to the repository's root with `/` between their parts, as git prints them, and are compared
/// byte by byte. In a pattern `*` and `?` stay within one part, `**` crosses parts, and `[a-z]` and `{a,b}` work as
/// in a shell.
public struct OwnedPath: Sendable, Hashable, CustomStringConvertible {
    /// The forms a path can have; of two that match, the greater one is the more specific.
    public enum Kind: Int, Sendable, Hashable, Comparable {
        /// Everything below a directory; written with a `/` at its end.
        case directory
        /// Whatever fits a pattern.
        case glob
        /// One file.
        case exact

        public static func < (left: Kind, right: Kind) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// The path as the plan writes it, without `./` in front.
    public let description: String
    /// Which form it has.
    public let kind: Kind
    private let patterns: [GlobPattern]

    /// A path, or nil when the text cannot lie in a repository: empty, absolute, with `..`, in the home directory,
    /// with control characters, or inside `.git`.
    public init?(_ text: some StringProtocol) {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)
        while parts.first == "." { parts.removeFirst() }
        let isDirectory = parts.count > 1 && parts.last == ""
        if isDirectory { parts.removeLast() }
        guard !parts.isEmpty, parts.count <= 256, !text.hasPrefix("~"),
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }),
            parts[0].lowercased() != ".git",
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { return nil }
        let path = parts.joined(separator: "/")
        description = isDirectory ? path + "/" : path
        if path.utf8.contains(where: { "*?[{".utf8.contains($0) }) {
            kind = .glob
            patterns = GlobPattern.expand(isDirectory ? path + "/**/*" : path)
        } else {
            kind = isDirectory ? .directory : .exact
            patterns = []
        }
    }

    /// True when the path is what is meant or lies in it.
    public func matches(_ path: String) -> Bool {
        switch kind {
        case .exact: description.utf8.elementsEqual(path.utf8)
        case .directory: path.utf8.starts(with: description.utf8)
        case .glob: description == path || patterns.contains { $0.matches(path) }
        }
    }

    /// True when some file is known to be in both. Two patterns are taken to meet only when they are the same, and a
    /// pattern meets a directory when its fixed beginning lies in it.
    public func overlaps(_ other: OwnedPath) -> Bool {
        switch (kind, other.kind) {
        case (.exact, _): other.matches(description)
        case (_, .exact): matches(other.description)
        case (.glob, .glob): description == other.description
        default: isInside(other) || other.isInside(self)
        }
    }

    private func isInside(_ other: OwnedPath) -> Bool {
        other.kind == .directory && fixedBeginning.hasPrefix(other.description)
    }

    /// What stands before the first wildcard.
    private var fixedBeginning: Substring {
        description.prefix { !"*?[{".contains($0) }
    }
}
