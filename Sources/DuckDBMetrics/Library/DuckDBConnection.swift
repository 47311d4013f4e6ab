import CDuckDB
import Foundation

/// A connection to an open database.
///
/// `@unchecked Sendable`: DuckDB takes a lock of its own around each use of a connection; the handle is set once and
/// given back in `deinit`, when nobody else can hold it.
final class DuckDBConnection: @unchecked Sendable {
    private let functions: duckdb_functions
    private var handle: duckdb_handle?
    /// Keeps the database open for as long as the connection.
    private let file: DuckDBFile

    init(_ file: DuckDBFile) throws(DuckDBError) {
        self.file = file
        functions = file.library.functions
        var handle: duckdb_handle?
        guard functions.connect(file.handle, &handle) == 0 else {
            throw DuckDBError(message: "it cannot be connected to")
        }
        self.handle = handle
    }

    deinit { functions.disconnect(&handle) }

    /// Ends the statement that runs now with an error; does nothing when none runs.
    func interrupt() { functions.interrupt(handle) }

    /// Runs a statement for its rows.
    @discardableResult
    func query(_ sql: String, _ values: DuckDBValue...) throws(DuckDBError) -> [DuckDBRow] {
        var rows: [DuckDBRow] = []
        try prepare(sql).run(values) { rows.append($0) }
        return rows
    }

    /// Runs a statement and hands its rows over one by one.
    func forEachRow(
        of sql: String, _ values: [DuckDBValue], _ body: (DuckDBRow) -> Void
    ) throws(DuckDBError) {
        try prepare(sql).run(values, body)
    }

    /// Runs a statement for what it changes.
    ///
    /// - Returns: how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ values: DuckDBValue...) throws(DuckDBError) -> Int {
        try prepare(sql).run(values) { _ in }
    }

    /// Prepares a statement that is run many times.
    func prepare(_ sql: String) throws(DuckDBError) -> DuckDBStatement {
        var statement: duckdb_handle?
        guard functions.prepare(handle, sql, &statement) == 0 else {
            let message = functions.prepare_error(statement).map { String(cString: $0) } ?? "it cannot be prepared"
            functions.destroy_prepare(&statement)
            throw DuckDBError(message: message)
        }
        return DuckDBStatement(statement, of: self, functions)
    }

    /// Appends rows to a table, a value for each of its columns: many times faster than statements, which DuckDB plans
    /// anew for each row.
    func append(to table: String, _ rows: [[DuckDBValue]]) throws(DuckDBError) {
        guard !rows.isEmpty else { return }
        var appender: duckdb_handle?
        let status = functions.appender_create(handle, nil, table, &appender)
        defer { _ = functions.appender_destroy(&appender) }
        func check(_ status: duckdb_status) throws(DuckDBError) {
            guard status != 0 else { return }
            throw DuckDBError(message: functions.appender_error(appender).map { String(cString: $0) } ?? "it failed")
        }
        try check(status)
        for row in rows {
            for value in row { try check(append(value, to: appender)) }
            try check(functions.appender_end_row(appender))
        }
        try check(functions.appender_close(appender))
    }

    private func append(_ value: DuckDBValue, to appender: duckdb_handle?) -> duckdb_status {
        switch value {
        case .null: functions.append_null(appender)
        case .bool(let value): functions.append_bool(appender, value)
        case .integer(let value): functions.append_int64(appender, value)
        case .real(let value): functions.append_double(appender, value)
        case .text(let value): functions.append_varchar_length(appender, value, UInt64(value.utf8.count))
        case .bytes(let value):
            value.withUnsafeBytes { functions.append_blob(appender, $0.baseAddress, UInt64($0.count)) }
        case .time(let value): functions.append_timestamp(appender, duckdb_moment(micros: value.storableMicroseconds))
        }
    }

    /// Runs the body in a transaction: committed when it returns, rolled back when it throws.
    func inTransaction<Result>(_ body: (DuckDBConnection) throws -> Result) throws -> Result {
        try execute("BEGIN TRANSACTION")
        do {
            let result = try body(self)
            try execute("COMMIT")
            return result
        } catch {
            _ = try? execute("ROLLBACK")
            throw error
        }
    }
}

/// A prepared statement; used by one thread at a time.
final class DuckDBStatement {
    private let functions: duckdb_functions
    private var handle: duckdb_handle?
    private let connection: DuckDBConnection

    fileprivate init(_ handle: duckdb_handle?, of connection: DuckDBConnection, _ functions: duckdb_functions) {
        self.handle = handle
        self.connection = connection
        self.functions = functions
    }

    deinit { functions.destroy_prepare(&handle) }

    /// Runs it with the values and hands its rows over one by one.
    ///
    /// - Returns: how many rows it changed.
    @discardableResult
    func run(_ values: [DuckDBValue], _ body: (DuckDBRow) -> Void = { _ in }) throws(DuckDBError) -> Int {
        for (index, value) in values.enumerated() { try bind(value, at: UInt64(index + 1)) }
        var result = duckdb_query_result()
        let status = functions.execute_prepared(handle, &result)
        defer { functions.destroy_result(&result) }
        guard status == 0 else {
            throw DuckDBError(message: functions.result_error(&result).map { String(cString: $0) } ?? "it failed")
        }
        // Before its rows are taken, which is the last that can be asked of a result.
        let changed = Int(clamping: functions.rows_changed(&result))
        let kinds = (0..<functions.column_count(&result)).map { functions.column_type(&result, $0) }
        while var chunk = functions.fetch_chunk(result) {
            defer {
                var ended: duckdb_handle? = chunk
                functions.destroy_data_chunk(&ended)
            }
            hand(over: &chunk, kinds, body)
        }
        return changed
    }

    private func bind(_ value: DuckDBValue, at index: UInt64) throws(DuckDBError) {
        let status =
            switch value {
            case .null: functions.bind_null(handle, index)
            case .bool(let value): functions.bind_boolean(handle, index, value)
            case .integer(let value): functions.bind_int64(handle, index, value)
            case .real(let value): functions.bind_double(handle, index, value)
            case .text(let value): functions.bind_varchar_length(handle, index, value, UInt64(value.utf8.count))
            case .bytes(let value):
                value.withUnsafeBytes { functions.bind_blob(handle, index, $0.baseAddress, UInt64($0.count)) }
            case .time(let value):
                functions.bind_timestamp(handle, index, duckdb_moment(micros: value.storableMicroseconds))
            }
        guard status == 0 else { throw DuckDBError(message: "value \(index) cannot be bound") }
    }

    private func hand(over chunk: inout duckdb_handle, _ kinds: [CInt], _ body: (DuckDBRow) -> Void) {
        let columns = kinds.indices.map { column -> DuckDBColumn in
            let vector = functions.data_chunk_get_vector(chunk, UInt64(column))
            return DuckDBColumn(
                kind: kinds[column], data: functions.vector_get_data(vector),
                validity: functions.vector_get_validity(vector))
        }
        for row in 0..<Int(clamping: functions.data_chunk_get_size(chunk)) {
            body(DuckDBRow(values: columns.map { $0[row] }))
        }
    }
}

/// One column of a chunk, valid as long as the chunk.
private struct DuckDBColumn {
    let kind: CInt
    let data: UnsafeMutableRawPointer?
    /// A bit a row, set where there is a value; nil when all are set.
    let validity: UnsafeMutablePointer<UInt64>?

    subscript(row: Int) -> DuckDBValue {
        if let validity, validity[row / 64] & (1 << UInt64(row % 64)) == 0 { return .null }
        guard let data else { return .null }
        func value<Value>(_ type: Value.Type) -> Value {
            data.load(fromByteOffset: row * MemoryLayout<Value>.stride, as: type)
        }
        switch duckdb_column_kind(rawValue: UInt32(bitPattern: kind)) {
        case DUCKDB_KIND_BOOLEAN: return .bool(value(Bool.self))
        case DUCKDB_KIND_INTEGER: return .integer(Int64(value(Int32.self)))
        case DUCKDB_KIND_BIGINT: return .integer(value(Int64.self))
        case DUCKDB_KIND_FLOAT: return .real(Double(value(Float.self)))
        case DUCKDB_KIND_DOUBLE: return .real(value(Double.self))
        case DUCKDB_KIND_TIMESTAMP:
            return .time(Date(timeIntervalSince1970: Double(value(Int64.self)) / 1e6))
        case DUCKDB_KIND_VARCHAR: return .text(String(decoding: bytes(row, data), as: UTF8.self))
        case DUCKDB_KIND_BLOB: return .bytes(Data(bytes(row, data)))
        default: return .null
        }
    }

    private func bytes(_ row: Int, _ data: UnsafeMutableRawPointer) -> UnsafeRawBufferPointer {
        let text = data.assumingMemoryBound(to: duckdb_text.self) + row
        return UnsafeRawBufferPointer(start: duckdb_text_bytes(text), count: Int(text.pointee.inlined.length))
    }
}

extension Date {
    /// Microseconds since 1970, or the nearest that a TIMESTAMP holds: the years 1 to 9999 are enough here.
    fileprivate var storableMicroseconds: Int64 {
        Int64((min(max(timeIntervalSince1970, -62_135_596_800), 253_402_300_799) * 1e6).rounded())
    }
}
