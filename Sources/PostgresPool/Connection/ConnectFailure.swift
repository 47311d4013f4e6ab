/// Why a connection could not be made.
public struct ConnectFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as far as the failure tells.
    public enum Cause: Sendable, Hashable {
        /// The host's name is not known.
        case host
        /// Nobody answers at the host and port.
        case port
        /// Wrong user or password, or the server does not let the user in.
        case user
        /// The server has no such database.
        case database
        /// The server takes no more connections.
        case tooManyConnections
        /// libpq cannot use a setting: a port or mode that there is not.
        case setting
        /// What answers does not speak Postgres' protocol.
        case noPostgres
        /// No encrypted connection can be made, or the certificate is not trusted.
        case encryption
        /// No server has the role that `target_session_attrs` asks for.
        case role
        /// Anything else.
        case other
    }

    /// What libpq or the server said; names host and port.
    public let message: String
    /// The server's code, when it was the server that refused: `28P01` wrong password, `3D000` no such database,
    /// `53300` too many connections.
    public let sqlState: String?

    /// What is wrong.
    public var cause: Cause {
        guard let sqlState else {
            // libpq has no codes of its own; these are its words, which it translates only for programs that ask.
            if message.contains("could not translate host name") { return .host }
            return Self.wordings.first { $0.words.contains(where: message.contains) }?.cause
                ?? (message.hasPrefix("invalid ") ? .setting : .other)
        }
        if sqlState.hasPrefix("28") { return .user }
        if sqlState.hasPrefix("3D") { return .database }
        return sqlState == "53300" ? .tooManyConnections : .other
    }

    private static let wordings: [(cause: Cause, words: [String])] = [
        (.port, ["Connection refused", "no answer within", "No route to host", "is unreachable", "No such file or"]),
        (.noPostgres, ["invalid response to SSL", "invalid response to GSSAPI", "expected authentication request"]),
        (.encryption, ["SSL", "certificate"]),
        (.role, ["in hot standby mode", "session is read-only", "session is not read-only"]),
    ]

    /// Whether trying again soon cannot help: wrong user, password or database, or a right that is missing.
    var needsMending: Bool {
        cause == .user || cause == .database || cause == .setting || sqlState?.hasPrefix("42") == true
    }

    /// Whether a pooler in between takes no start-up options: PgBouncer's words, and those of Amazon's RDS Proxy.
    var refusesOptions: Bool {
        message.contains("unsupported startup parameter") || message.contains("command-line options")
    }

    /// The message and the code.
    public var description: String { message + (sqlState.map { " (SQLSTATE \($0))" } ?? "") }
}

extension ConnectFailure {
    /// The pool has shut down meanwhile.
    static let cancelled = ConnectFailure(message: "the pool has shut down", sqlState: nil)

    /// The connection was made, but the statement timeout could not be set on it.
    init(settingFailed error: (any Error)?) {
        let reason: String
        switch error as? PostgresError {
        case .server(let error, _): reason = "\(error.severity): \(error.message)"
        case .connectionLost(let text): reason = text
        default: reason = "the connection was closed"
        }
        let code = (error as? PostgresError)?.serverError?.sqlState
        self.init(message: "cannot set statement_timeout: \(reason)", sqlState: code)
    }

    /// Reads the code out of a verbose message, `… FATAL:  28P01: password authentication failed …; LOCATION:  …`.
    init(libpq said: String) {
        // A question for people at a prompt, which follows each refused connection; a guess that follows each lost one.
        let message = said.replacing(#/(; )?\s*Is the server running [^?]*\?/#, with: "")
            .replacing(
                #/; This probably means the server terminated abnormally; before or while processing the request\./#,
                with: "")
        // The word for the severity is in the server's language, `ВАЖНО`.
        guard let match = message.firstMatch(of: #/(\S+):  ([0-9A-Z]{5}): /#) else {
            self.init(message: message, sqlState: nil)
            return
        }
        let text = message.replacing(#/(\S+):  [0-9A-Z]{5}: /#) { "\($0.output.1): " }
            .replacing(#/; LOCATION:  [^;]*/#, with: "")
        self.init(message: text, sqlState: String(match.output.2))
    }
}
