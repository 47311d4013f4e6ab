/// What can go wrong between a call of the pool and its answer.
///
/// A cancelled task gets a `CancellationError` instead; a column that cannot be read, a ``PostgresDecodingError``.
public enum PostgresError: Error, Sendable, CustomStringConvertible {
    /// The server reported an error about the statement. The connection is fine unless the code says otherwise.
    case server(ServerError, sql: String)
    /// The connection broke while it was in use: whether a statement under way took effect is unknown.
    case connectionLost(String)
    /// Nothing was heard of the server while it owed an answer, for longer than its statement timeout allows: whether a
    /// statement under way took effect is unknown.
    case noAnswer(within: Duration, statementTimeout: Duration)
    /// Nothing became free within the acquire timeout.
    case acquireTimeout(PoolExhaustion)
    /// The server cannot be reached: failed at once, because the last attempts have failed too.
    case unavailable(PoolExhaustion)
    /// The pool is shutting down or has shut down.
    case shutDown
    /// A connection was used after the closure that it was lent to had returned.
    case connectionReturned
    /// A stream or a COPY has the connection for itself; end it first.
    case connectionBusy
    /// Something was asked for that cannot be done; the text says what and how to mend it.
    case misuse(String)

    /// What happened, and how to mend it.
    public var description: String {
        switch self {
        case .server(let error, let sql):
            // Rows in binary form say nothing of their types, which the server takes for its columns'.
            let advice =
                error.sqlState == "22P03"
                ? "; a value of a COPY has to be of its column's very type: Int for bigint, Int32 for integer" : ""
            return "\(error)\(advice), in: \(sql.prefix(200))"
        case .connectionLost(let reason):
            return "the connection broke while it was in use: \(reason). "
                + "Whether the statement took effect is unknown; retry it only if running it twice does no harm"
        case .noAnswer(let waited, let timeout):
            return "no answer for \(waited.inSeconds), although the server ends a statement after \(timeout.inSeconds) "
                + "(DB_STATEMENT_TIMEOUT): it has stopped, or something on the way to it has. The connection is closed; "
                + "whether the statement took effect is unknown; retry it only if running it twice does no harm"
        case .acquireTimeout(let exhaustion):
            return "no connection within \(exhaustion.waited.inSeconds): \(exhaustion)"
        case .unavailable(let exhaustion):
            return "the database cannot be reached: \(exhaustion)"
        case .shutDown:
            return "the pool has shut down"
        case .connectionReturned:
            return "this connection was given back when its closure returned; use it inside the closure only"
        case .connectionBusy:
            return "a stream or COPY has this connection for itself; read it to its end or use another connection"
        case .misuse(let text):
            return text
        }
    }

    /// The server's error, if it is one.
    public var serverError: ServerError? {
        guard case .server(let error, _) = self else { return nil }
        return error
    }
}
