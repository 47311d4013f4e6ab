/// Which database a service uses, as `DATABASE_URL` and `--database-url` say it.
public enum DatabaseURL: Sendable, Hashable {
    /// `sqlite:FILE`: an embedded SQLite file, made when it is not there.
    case sqlite(path: String)

    /// Reads a URL.
    ///
    /// - Parameter text: `sqlite:FILE`, with an absolute or relative path.
    /// - Throws: ``DatabaseURLError`` when the scheme is unknown or the file is not named.
    public init(_ text: String) throws(DatabaseURLError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw DatabaseURLError(text: text, reason: .noScheme) }
        switch parts[0].lowercased() {
        case "sqlite":
            // sqlite:///absolute is what other tools write; sqlite:relative and sqlite:/absolute are the plain forms.
            let path = parts[1].hasPrefix("//") ? parts[1].dropFirst(2) : parts[1]
            guard !path.isEmpty, path != ":memory:" else { throw DatabaseURLError(text: text, reason: .noFile) }
            self = .sqlite(path: String(path))
        case "postgres", "postgresql", "duckdb":
            throw DatabaseURLError(text: text, reason: .notYet(String(parts[0])))
        default:
            throw DatabaseURLError(text: text, reason: .unknownScheme(String(parts[0])))
        }
    }
}

/// Why a text is not a database URL.
public struct DatabaseURLError: Error, Hashable, CustomStringConvertible {
    enum Reason: Hashable {
        case noScheme, noFile
        case unknownScheme(String)
        case notYet(String)
    }

    let text: String
    let reason: Reason

    /// What is wrong with which value, and what is allowed. A password in the URL is left out.
    public var description: String {
        switch reason {
        case .noScheme: "the database URL '\(redacted)' has no scheme; write sqlite:FILE"
        case .noFile: "the database URL '\(redacted)' names no file; write sqlite:FILE"
        case .unknownScheme(let scheme):
            "the database URL '\(redacted)' has the unknown scheme '\(scheme)'; write sqlite:FILE"
        case .notYet(let scheme):
            "the database URL '\(redacted)' asks for \(scheme), which this version cannot use yet; write sqlite:FILE"
        }
    }

    private var redacted: String {
        guard let at = text.lastIndex(of: "@"), let slashes = text.firstRange(of: "//"), slashes.upperBound <= at
        else { return text }
        return text[..<slashes.upperBound] + "…" + text[at...]
    }
}
