import Foundation

/// A value that is bound to a statement or read from a column.
enum DuckDBValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes(Data)
    case time(Date)

    /// An integer.
    static func number(_ value: some BinaryInteger) -> DuckDBValue { .integer(Int64(clamping: value)) }
}

/// One row of a result. A column that holds something else than what is asked for is nil.
struct DuckDBRow: Sendable {
    let values: [DuckDBValue]

    private subscript(_ column: Int) -> DuckDBValue { values.indices.contains(column) ? values[column] : .null }

    func bool(_ column: Int) -> Bool? { if case .bool(let value) = self[column] { value } else { nil } }
    func integer(_ column: Int) -> Int? { if case .integer(let value) = self[column] { Int(value) } else { nil } }
    func real(_ column: Int) -> Double? { if case .real(let value) = self[column] { value } else { nil } }
    func text(_ column: Int) -> String? { if case .text(let value) = self[column] { value } else { nil } }
    func bytes(_ column: Int) -> Data? { if case .bytes(let value) = self[column] { value } else { nil } }
    func time(_ column: Int) -> Date? { if case .time(let value) = self[column] { value } else { nil } }
}

/// What DuckDB said of a statement or file.
struct DuckDBError: Error, Sendable, Hashable {
    let message: String
}
