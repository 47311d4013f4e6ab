import Foundation

/// The files an audit is about, found once so that every scanner and the coverage speak of the same.
public struct FileInventory: Sendable {
    /// The audited folder, absolute, links resolved.
    public let root: String
    /// What to stay within, relative to ``root``; empty for all of it.
    let paths: [String]
    /// Paths relative to ``root``, sorted.
    public let files: [String]
    /// Folders and files left out by the configuration or because they hold no source, relative to ``root``.
    public let excluded: [String]
    /// What could not be listed or is no regular file, with the reason.
    public let skipped: [SkippedFile]

    /// Folders of version control, build products and installed packages: nobody's own sources.
    ///
    /// A folder with a `pyvenv.cfg` in it is left out too, whatever its name.
    static let foreignFolders: Set<String> = [
        ".git", ".hg", ".svn", ".build", ".swiftpm", "DerivedData", "Pods", "Carthage", "node_modules", "__pycache__",
        ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".pitwall",
    ]

    /// Lists what is below a folder.
    ///
    /// Links are not followed, so a loop of links ends at once.
    ///
    /// - Parameters:
    ///   - root: The folder.
    ///   - paths: Files and folders below it to stay within; empty for all.
    ///   - exclude: Patterns of what to leave out.
    ///   - every: After so many files each, `progress` is told.
    ///   - progress: Called with the number of files that are listed so far.
    /// - Throws: ``AuditError/notAFolder(_:)``, ``AuditError/fileInsteadOfFolder(_:)`` or
    ///   ``AuditError/pathNotFound(_:)``.
    init(
        root: String, paths: [String] = [], exclude: [Glob] = [], every: Int = 20_000,
        progress: @escaping (Int) -> Void = { _ in }
    ) throws(AuditError) {
        let resolved = URL(fileURLWithPath: root).resolvingSymlinksInPath().path
        var isFolder: ObjCBool = false
        // An empty path would be the current folder: more often it is a variable that was never set.
        guard !root.isEmpty, FileManager.default.fileExists(atPath: resolved, isDirectory: &isFolder) else {
            throw .notAFolder(root)
        }
        guard isFolder.boolValue else { throw .fileInsteadOfFolder(root) }
        var walk = Walk(root: resolved, exclude: exclude, every: every, progress: progress)
        for path in paths where !FileManager.default.fileExists(atPath: resolved + "/" + path) {
            throw .pathNotFound(path)
        }
        self.paths = paths.map(Self.normalized)
        for path in paths.isEmpty ? [""] : self.paths { walk.visit(path) }
        self.root = resolved
        files = Set(walk.files).sorted()
        excluded = Set(walk.excluded).sorted()
        skipped = walk.skipped.sorted { $0.file < $1.file }
    }

    /// The absolute path of a file of the inventory.
    func absolute(_ path: String) -> String { root + "/" + path }

    /// The files with one of these extensions, written without a dot.
    func files(withExtension extensions: String...) -> [String] {
        files.filter { file in extensions.contains { file.hasSuffix("." + $0) } }
    }

    /// A path as tools print it, absolute or with `./`, relative to the root.
    func relative(_ path: String) -> String {
        var text = Substring(path)
        if text.hasPrefix(root + "/") { text = text.dropFirst(root.count + 1) }
        return Self.normalized(String(text))
    }

    private static func normalized(_ path: String) -> String {
        path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}

/// A file nobody looked at, and why.
public struct SkippedFile: Sendable, Hashable, Codable {
    /// Relative to the audited folder.
    public var file: String
    /// Why, in a few words.
    public var reason: String
}

/// The recursion of ``FileInventory``, with what it has found so far.
private struct Walk {
    let root: String
    let exclude: [Glob]
    let every: Int
    let progress: (Int) -> Void
    var files: [String] = []
    var excluded: [String] = []
    var skipped: [SkippedFile] = []

    mutating func visit(_ path: String) {
        let absolute = path.isEmpty ? root : root + "/" + path
        if !path.isEmpty, exclude.contains(where: { $0.matches(path) }) {
            excluded.append(path)
            return
        }
        switch kind(of: absolute) {
        case .typeDirectory: visitFolder(path, at: absolute)
        case .typeRegular:
            files.append(path)
            if files.count.isMultiple(of: every) { progress(files.count) }
        case .typeSymbolicLink: visitLink(path, at: absolute)
        case nil: skipped.append(SkippedFile(file: path, reason: "cannot be read"))
        // A pipe, socket or device: told, and kept from tools that would open it and wait for ever.
        default: excluded.append(path)
        }
    }

    private mutating func visitFolder(_ path: String, at absolute: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        if !path.isEmpty, FileInventory.foreignFolders.contains(name) || isForeign(name, at: absolute) {
            excluded.append(path)
            return
        }
        do {
            for entry in try FileManager.default.contentsOfDirectory(atPath: absolute) {
                visit(path.isEmpty ? entry : path + "/" + entry)
            }
        } catch {
            skipped.append(SkippedFile(file: path.isEmpty ? "." : path, reason: "folder cannot be listed"))
        }
    }

    private func isForeign(_ name: String, at absolute: String) -> Bool {
        name.hasPrefix(".build-") || name.hasPrefix(".build_")
            || FileManager.default.fileExists(atPath: absolute + "/pyvenv.cfg")
    }

    /// A link to something inside the root is that file's second name; one that leads out or nowhere is told.
    private mutating func visitLink(_ path: String, at absolute: String) {
        let target = URL(fileURLWithPath: absolute).resolvingSymlinksInPath().path
        if target == root || target.hasPrefix(root + "/") {
            if !FileManager.default.fileExists(atPath: absolute) { excluded.append(path) }
        } else {
            excluded.append(path)
        }
    }

    private func kind(of absolute: String) -> FileAttributeType? {
        try? FileManager.default.attributesOfItem(atPath: absolute)[.type] as? FileAttributeType
    }
}
