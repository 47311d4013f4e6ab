import CDuckDB

/// An open database file.
///
/// `@unchecked Sendable`: the handle is set once, DuckDB allows it to be used by any thread, and it is closed in
/// `deinit`, when nobody else can hold it.
final class DuckDBFile: @unchecked Sendable {
    let library: DuckDBLibrary
    private(set) var handle: duckdb_handle?

    /// Opens the file, and makes it unless it is only to be read.
    init(path: String, isReadOnly: Bool, library: DuckDBLibrary) throws(DuckDBError) {
        self.library = library
        let functions = library.functions
        var config: duckdb_handle?
        guard functions.create_config(&config) == 0 else { throw DuckDBError(message: "out of memory") }
        defer { functions.destroy_config(&config) }
        _ = functions.set_config(config, "access_mode", isReadOnly ? "READ_ONLY" : "READ_WRITE")
        var handle: duckdb_handle?
        var message: UnsafeMutablePointer<CChar>?
        guard functions.open_ext(path, &handle, config, &message) == 0 else {
            defer { functions.free(message) }
            throw DuckDBError(message: message.map { String(cString: $0) } ?? "it cannot be opened")
        }
        self.handle = handle
    }

    deinit { library.functions.close(&handle) }
}
