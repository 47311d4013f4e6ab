import DequeModule

/// Writes rows for a `COPY … FROM STDIN (FORMAT binary)`.
///
/// A value has to be of its column's very type: `Int` for `bigint`, `Int32` for `integer`, `Double` for
/// `double precision`, `Date` for `timestamptz`, `String` for `text`; the server refuses everything else.
public struct PostgresCopyWriter: Sendable {
    /// The rows that are not sent yet.
    ///
    /// A writer is lent to one closure, which may hand it to child tasks: hence the actor. What one of them sends must
    /// have been taken before the next sends: the socket has room for one who waits, and rows go out in pieces.
    private actor Buffer {
        private let connection: PhysicalConnection
        private var isSending = false
        private var waiting = Deque<CheckedContinuation<Void, Never>>()
        /// Rows are missing from here on; whoever caught this error gets it again at the end.
        private var failure: (any Error)?
        // Signature, flags and the length of the header's extension (PostgreSQL manual, COPY, "Binary Format").
        private var bytes: [UInt8] = [UInt8]("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0]

        init(connection: PhysicalConnection) {
            self.connection = connection
        }

        func append(_ row: [UInt8]) async throws {
            bytes += row
            if bytes.count >= Self.fullSize { try await send { $0 >= Self.fullSize } }
        }

        func flush() async throws {
            bytes += [0xFF, 0xFF]
            try await send { _ in true }
        }

        private static var fullSize: Int { 64 * 1024 }

        /// Sends what is there when it is this one's turn, if it is then worth it.
        private func send(if isWorth: (Int) -> Bool) async throws {
            while isSending { await withCheckedContinuation { waiting.append($0) } }
            defer { waiting.popFirst()?.resume() }
            if let failure { throw failure }
            guard isWorth(bytes.count) else { return }
            let full = bytes
            bytes = []
            isSending = true
            defer { isSending = false }
            do { try await connection.writeCopyData(full) } catch {
                failure = error
                throw error
            }
        }
    }

    private let buffer: Buffer

    init(connection: PhysicalConnection) {
        buffer = Buffer(connection: connection)
    }

    /// Writes one row, a value or nil for each column.
    ///
    /// Suspends while the server does not keep up.
    ///
    /// - Throws: ``PostgresError``; `misuse` for a value of more than 1 GB, which no column can hold.
    public func write<each Value: PostgresEncodable>(_ values: repeat (each Value)?) async throws {
        var row: [UInt8] = []
        var count: Int16 = 0
        row.appendBigEndian(count)
        for value in repeat each values {
            count += 1
            guard let value else {
                row.appendBigEndian(Int32(-1))
                continue
            }
            var field: [UInt8] = []
            value.encode(into: &field)
            guard field.count <= PostgresQuery.mostBytes else {
                throw PostgresError.misuse(
                    "value \(count) of a copied row has \(field.count) bytes; at most 1 GB is allowed")
            }
            row.appendBigEndian(Int32(truncatingIfNeeded: field.count))
            row += field
        }
        withUnsafeBytes(of: count.bigEndian) { row.replaceSubrange(0..<2, with: $0) }
        try await buffer.append(row)
    }

    func flush() async throws {
        try await buffer.flush()
    }
}
