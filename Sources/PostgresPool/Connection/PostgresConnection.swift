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
    nonisolated(nonsending) public func query(_ query: PostgresQuery) async throws -> PostgresResult {
        PostgresResult(storage: try await physical.execute(query, lease: lease, effect: nil))
    }

    /// The rows of a statement, one by one, read only as fast as they are asked for.
    public func stream(_ query: PostgresQuery) -> PostgresRowStream {
        PostgresRowStream(connection: physical, lease: lease, query: query)
    }

    /// Writes many rows in one go with `COPY … FROM STDIN` in the binary format.
    ///
    /// All rows are taken, or none: an error thrown by the body drops them. So does a cancellation, unless it comes when
    /// all has been sent and only the server's word is awaited: then, as with any statement, they may have been taken.
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

    /// Listens to a channel until the connection is given back. Each stream gets its own channel's notifications and
    /// keeps them until they are read.
    ///
    /// - Parameter channel: at most 63 bytes; upper case is not lower case.
    /// - Throws: ``PostgresError``.
    public func listen(to channel: String) async throws -> PostgresNotifications {
        // The server would cut the name off, and say the shorter one in its notifications.
        guard channel.utf8.count <= 63 else {
            throw PostgresError.misuse("the channel \(channel) has \(channel.utf8.count) bytes; at most 63 are allowed")
        }
        await physical.reportPooler("LISTEN", lease: lease)
        let (notifications, continuation) = PostgresNotifications.makeStream()
        let listener = physical.addListener(.init(channel: channel, continuation: continuation), for: lease)
        do {
            try await physical.execute("LISTEN \(identifier: channel)", lease: lease, effect: .session)
        } catch {
            physical.removeListener(listener)
            throw error
        }
        return notifications
    }

    /// The server process at the other end, as in `pg_stat_activity.pid`; a pooler in between gives a number of its own.
    public var serverProcess: Int32 { physical.serverProcess }
}

extension PhysicalConnection {
    /// Who is told what comes in on a channel.
    struct Listener: Sendable {
        let channel: String
        let continuation: PostgresNotifications.Continuation
    }

    /// Adds a listener before its channel is listened to, so that it misses nothing.
    func addListener(_ listener: Listener, for lease: UInt64) -> UInt64 {
        perform { state, aftermath in
            state.lastListener += 1
            if let refusal = self.refusal(of: lease, state) {
                aftermath.seldom.endedListeners.append((listener.continuation, refusal))
            } else {
                state.listeners[state.lastListener] = listener
            }
            return state.lastListener
        }
    }

    func removeListener(_ id: UInt64) {
        perform { state, _ in _ = state.listeners.removeValue(forKey: id) }
    }
}
