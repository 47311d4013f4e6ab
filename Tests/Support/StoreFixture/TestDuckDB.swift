package import Foundation

/// The DuckDB library that `script/setup-duckdb` installs.
package enum TestDuckDB {
    /// Where it is.
    package static let library = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../.pitwall/duckdb/libduckdb.so").standardized.path

    /// Has stores of this process use it, unless the environment names another. Before the first is opened.
    package static let isChosen: Bool = {
        setenv("DUCKDB_LIBRARY", library, 0)
        return true
    }()
}
