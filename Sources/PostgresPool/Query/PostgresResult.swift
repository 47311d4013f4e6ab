import CLibPQ

/// The whole result of a statement: its rows, and what it did.
public struct PostgresResult: Sendable {
    let storage: ResultStorage

    /// The command tag, such as `SELECT 3` or `INSERT 0 1`.
    public var commandTag: String { storage.commandTag }

    /// How many rows the statement returned or changed; zero for statements that do neither.
    public var affectedRows: Int { storage.affectedRows }

    /// The names of the columns.
    public var columns: [String] { storage.columns.map(\.name) }
}

extension PostgresResult: RandomAccessCollection {
    /// Zero.
    public var startIndex: Int { 0 }
    /// The number of rows.
    public var endIndex: Int { storage.rowCount }
    /// A row. Traps like an array when there is no such row.
    public subscript(index: Int) -> PostgresRow {
        precondition(index >= 0 && index < storage.rowCount, "row \(index) of \(storage.rowCount)")
        return PostgresRow(storage: storage, index: index)
    }
}

/// The owner of a `PGresult`.
///
/// `@unchecked Sendable`: the pointer is set once, every function called on it below only reads, libpq documents that
/// a result is read-only after creation and may be used by several threads, and `PQclear` runs in `deinit`, when
/// nobody else can hold it. It does not refer to its connection, which may be closed before.
final class ResultStorage: @unchecked Sendable {
    struct Column: Sendable {
        let name: String
        let type: PostgresType
        let isBinary: Bool
    }

    private let result: OpaquePointer
    let rowCount: Int
    let columns: [Column]

    /// Takes over the result.
    ///
    /// - Parameter columns: the columns when they are known: all rows of a stream have the same.
    init(_ result: OpaquePointer, columns known: [Column]? = nil) {
        self.result = result
        rowCount = Int(PQntuples(result))
        columns =
            known
            ?? (0..<PQnfields(result)).map { index in
                Column(
                    name: PQfname(result, index).map { String(cString: $0) } ?? "",
                    type: PostgresType(rawValue: PQftype(result, index)),
                    isBinary: PQfformat(result, index) == 1
                )
            }
    }

    deinit { PQclear(result) }

    var commandTag: String { String(cString: PQcmdStatus(result)) }

    var affectedRows: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    /// Decodes one column of one row.
    func decode<Value: PostgresDecodable>(_ type: Value.Type, row: Int, column: Int) throws(PostgresDecodingError)
        -> Value
    {
        guard columns.indices.contains(column), row < rowCount else {
            throw PostgresDecodingError(
                column: "\(column)", reason: "there is no such column; the result has \(columns.count)")
        }
        let (row, index) = (CInt(row), CInt(column))
        guard PQgetisnull(result, row, index) == 0 else {
            if let null = Value.decodedNull { return null }
            throw PostgresDecodingError(column: columns[column].name, reason: "it is NULL; read it as \(Value.self)?")
        }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, index), count: Int(PQgetlength(result, row, index))
        )
        let cell = PostgresCell(type: columns[column].type, isBinary: columns[column].isBinary, bytes: bytes)
        guard let value = Value.decode(cell) else {
            throw PostgresDecodingError(
                column: columns[column].name,
                reason:
                    "a column of type \(columns[column].type.name) cannot be read as \(Value.self)"
            )
        }
        return value
    }
}

/// A column could not be read as the type asked for.
public struct PostgresDecodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name of the column, or its number when there is no such column.
    public let column: String
    let reason: String

    /// The column, the reason, and what to do.
    public var description: String { "cannot decode column \"\(column)\": \(reason)" }
}
