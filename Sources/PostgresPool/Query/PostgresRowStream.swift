/// The rows of a statement, read from the server as they are asked for: a result of any size takes the memory of a row.
///
/// The statement starts with the first row asked for, and the stream has the connection for itself until its end.
/// When the loop is left early, the rest is cancelled on the server.
public struct PostgresRowStream: AsyncSequence, Sendable {
    let connection: PhysicalConnection
    let lease: UInt64
    let query: PostgresQuery

    /// Starts at the first row. Each iterator runs the statement anew.
    public func makeAsyncIterator() -> Iterator {
        Iterator(stream: self)
    }

    /// Reads one row after another.
    public struct Iterator: AsyncIteratorProtocol {
        private let stream: PostgresRowStream
        private var open: OpenStream?
        private var columns: [ResultStorage.Column]?
        private var hasEnded = false

        init(stream: PostgresRowStream) {
            self.stream = stream
        }

        /// The next row, nil at the end.
        ///
        /// - Throws: ``PostgresError``, or `CancellationError` when the task was cancelled.
        public mutating func next() async throws -> PostgresRow? {
            guard !hasEnded else { return nil }
            let open = try open ?? OpenStream(stream)
            self.open = open
            guard let row = try await stream.connection.nextRow(of: open.exchange, columns: columns) else {
                hasEnded = true
                return nil
            }
            if columns == nil { columns = row.columns }
            return PostgresRow(storage: row, index: 0)
        }
    }

    /// Ends the stream when the last iterator over it is gone.
    private final class OpenStream: Sendable {
        let exchange: Exchange
        private let connection: PhysicalConnection

        init(_ stream: PostgresRowStream) throws {
            connection = stream.connection
            exchange = try connection.openStream(
                stream.query, lease: stream.lease, effect: connection.effect(of: stream.query))
        }

        deinit { connection.closeStream(exchange) }
    }
}
