/// One row of a result. Keeps the whole result in memory as long as it lives.
public struct PostgresRow: Sendable {
    let storage: ResultStorage
    let index: Int

    /// Reads the first columns as the types given, in order.
    ///
    /// ```swift
    /// let (id, title) = try row.decode(Int.self, String?.self)
    /// ```
    /// - Throws: ``PostgresDecodingError`` for the first column that cannot be read as its type.
    public func decode<each Value: PostgresDecodable>(
        _ types: repeat (each Value).Type
    ) throws(PostgresDecodingError) -> (repeat each Value) {
        var column = -1
        func next<Next: PostgresDecodable>(_ type: Next.Type) throws(PostgresDecodingError) -> Next {
            column += 1
            return try storage.decode(type, row: index, column: column)
        }
        return (repeat try next((each types)))
    }

    /// Reads the column with the given name.
    ///
    /// - Complexity: O(columns)
    /// - Throws: ``PostgresDecodingError`` when there is no such column or it cannot be read as the type.
    public func decode<Value: PostgresDecodable>(
        _ name: String, as type: Value.Type = Value.self
    ) throws(PostgresDecodingError) -> Value {
        guard let column = storage.columns.firstIndex(where: { $0.name == name }) else {
            let names = storage.columns.map(\.name).joined(separator: ", ")
            throw PostgresDecodingError(column: name, reason: "there is no such column; the result has \(names)")
        }
        return try storage.decode(type, row: index, column: column)
    }
}
