/// Which database a service uses, as `DATABASE_URL` and `--database-url` say it.
public enum DatabaseURL: Sendable, Hashable {
    /// `sqlite:FILE`: an embedded SQLite file, made when it is not there.
    case sqlite(path: String)
    /// `postgres://user:password@host:port/database`: a server, for one instance or a fleet. The text as libpq takes it.
    case postgres(String)
    /// `duckdb:FILE`: a DuckDB file, for analysis.
    case duckDB(path: String)

    /// Reads a URL.
    ///
    /// - Parameter text: `sqlite:FILE` or `duckdb:FILE`, with an absolute or relative path, or `postgres://…`.
    /// - Throws: ``DatabaseURLError`` when the scheme is unknown or the file is not named.
    public init(_ text: String) throws(DatabaseURLError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw DatabaseURLError(text: text, reason: .noScheme) }
        switch parts[0].lowercased() {
        case "sqlite":
            self = .sqlite(path: try Self.path(parts[1], scheme: "sqlite", of: text))
        case "duckdb":
            self = .duckDB(path: try Self.path(parts[1], scheme: "duckdb", of: text))
        case "postgres", "postgresql":
            guard parts[1].hasPrefix("//") else { throw DatabaseURLError(text: text, reason: .noServer) }
            self = .postgres("postgres:" + parts[1])
        default:
            throw DatabaseURLError(text: text, reason: .unknownScheme(String(parts[0])))
        }
    }

    /// The file behind the scheme: `sqlite:///absolute` is what other tools write; `sqlite:relative` and
    /// `sqlite:/absolute` are the plain forms.
    private static func path(
        _ rest: Substring, scheme: String, of text: String
    ) throws(DatabaseURLError) -> String {
        let path = rest.hasPrefix("//") ? rest.dropFirst(2) : rest
        guard !path.isEmpty, path != ":memory:" else {
            throw DatabaseURLError(text: text, reason: .noFile(scheme: scheme))
        }
        return String(path)
    }
}

/// Why a text is not a database URL.
public struct DatabaseURLError: Error, Hashable, CustomStringConvertible {
    enum Reason: Hashable {
        case noScheme
        case noFile(scheme: String)
        case noServer
        case unknownScheme(String)
        case unusable(String)
    }

    let text: String
    let reason: Reason

    init(text: String, reason: Reason) {
        self.text = text
        self.reason = reason
    }

    /// Says that a URL is well-formed, but names a database that cannot serve the purpose.
    ///
    /// - Parameter reason: what is wanted, and what to write instead.
    public init(_ text: String, cannotBeUsed reason: String) {
        self.init(text: text, reason: .unusable(reason))
    }

    /// What is wrong with which value, and what is allowed. A password in the URL is left out.
    public var description: String {
        let allowed = "write sqlite:FILE, postgres://user:password@host:port/database or duckdb:FILE"
        return switch reason {
        case .noScheme: "the database URL '\(redacted)' has no scheme; \(allowed)"
        case .noFile(let scheme): "the database URL '\(redacted)' names no file; write \(scheme):FILE"
        case .noServer:
            "the database URL '\(redacted)' names no server; write postgres://user:password@host:port/database"
        case .unknownScheme(let scheme): "the database URL '\(redacted)' has the unknown scheme '\(scheme)'; \(allowed)"
        case .unusable(let reason): "the database URL '\(redacted)' cannot be used here: \(reason)"
        }
    }

    private var redacted: String {
        guard let at = text.lastIndex(of: "@"), let slashes = text.firstRange(of: "//"), slashes.upperBound <= at
        else { return text }
        return text[..<slashes.upperBound] + "…" + text[at...]
    }
}
