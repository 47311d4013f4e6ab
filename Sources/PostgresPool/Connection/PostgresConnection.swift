/// A connection lent by the pool, for the time of a closure.
///
/// Statements sent by several tasks at once go out in one pipeline without waiting for each other's answers:
///
/// ```swift
/// try await pool.withConnection { connection in
///     async let permits = connection.query("SELECT count(*) FROM permits")
///     async let cities = connection.query("SELECT count(DISTINCT city) FROM permits")
///     return try await (permits[0].decode(Int.self), cities[0].decode(Int.self))
/// }
/// ```
///
/// A copy kept beyond the closure is refused with ``PostgresError/connectionReturned``.
public struct PostgresConnection: Sendable {
    let physical: PhysicalConnection
    let lease: UInt64

    /// Runs a statement and returns its rows.
    ///
    /// - Throws: ``PostgresError``; `CancellationError` when the task was cancelled: the statement is then cancelled
    ///   on the server, and inside a transaction the transaction has failed.
    @discardableResult
    public func query(_ query: PostgresQuery) async throws -> PostgresResult {
        let effect = SessionEffect.classify(query.sql).effect
        return PostgresResult(storage: try await physical.execute(query, lease: lease, effect: effect))
    }

    /// The rows of a statement, one by one, read only as fast as they are asked for.
    public func stream(_ query: PostgresQuery) -> PostgresRowStream {
        PostgresRowStream(connection: physical, lease: lease, query: query)
    }

    /// Writes many rows in one go with `COPY … FROM STDIN` in the binary format.
    ///
    /// All rows are taken, or none: an error thrown by the body drops them.
    ///
    /// - Parameters:
    ///   - table: the table's name, not qualified.
    ///   - columns: the names of the columns in the order of the values written.
    /// - Returns: how many rows the server took.
    @discardableResult
    public func copyIn(
        _ table: String, columns: [String], _ body: (PostgresCopyWriter) async throws -> Void
    ) async throws -> Int {
        var query: PostgresQuery = "COPY \(identifier: table) ("
        for (index, column) in columns.enumerated() {
            query.append(index == 0 ? "\(identifier: column)" : ", \(identifier: column)")
        }
        query.append(") FROM STDIN (FORMAT binary)")
        return try await physical.copyIn(query, lease: lease, body)
    }

    /// Listens to a channel until the connection is given back.
    ///
    /// - Throws: ``PostgresError``.
    public func listen(to channel: String) async throws -> PostgresNotifications {
        let (notifications, continuation) = PostgresNotifications.makeStream()
        physical.addListener(continuation, for: lease)
        try await physical.execute("LISTEN \(identifier: channel)", lease: lease, effect: .possible)
        return notifications
    }

    /// The server process at the other end, as in `pg_stat_activity.pid`; a pooler in between gives a number of its own.
    public var serverProcess: Int32 { physical.serverProcess }
}

extension PhysicalConnection {
    func addListener(_ listener: PostgresNotifications.Continuation, for lease: UInt64) {
        perform { state, aftermath in
            if let refusal = state.refusal(of: lease) {
                aftermath.endedListeners.append((listener, refusal))
            } else {
                state.listeners[Self.nextExchange()] = listener
            }
        }
    }
}
