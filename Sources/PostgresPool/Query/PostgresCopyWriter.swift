/// Writes rows for a `COPY … FROM STDIN (FORMAT binary)`.
///
/// A value has to be of its column's very type: `Int` for `bigint`, `Int32` for `integer`, `Double` for
/// `double precision`, `Date` for `timestamptz`, `String` for `text`; the server refuses everything else.
public struct PostgresCopyWriter: Sendable {
    /// The rows that are not sent yet.
    ///
    /// A writer is lent to one closure, which may hand it to child tasks: hence the actor.
    private actor Buffer {
        private let connection: PhysicalConnection
        // Signature, flags and the length of the header's extension (PostgreSQL manual, COPY, "Binary Format").
        private var bytes: [UInt8] = [UInt8]("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0]

        init(connection: PhysicalConnection) {
            self.connection = connection
        }

        func append(_ row: [UInt8]) async throws {
            bytes += row
            guard bytes.count >= 64 * 1024 else { return }
            let full = bytes
            bytes = []
            try await connection.writeCopyData(full)
        }

        func flush() async throws {
            try await connection.writeCopyData(bytes + [0xFF, 0xFF])
            bytes = []
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
