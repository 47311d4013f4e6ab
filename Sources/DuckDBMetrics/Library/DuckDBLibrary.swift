import CDuckDB
import Foundation
import RequestMetrics

/// DuckDB's C interface in a library that is found when first needed.
///
/// `@unchecked Sendable`: the functions are set once, before anybody else can see the object, and are code that any
/// thread may call.
final class DuckDBLibrary: @unchecked Sendable {
    let functions: duckdb_functions

    private init(_ functions: duckdb_functions) {
        self.functions = functions
    }

    /// The library that the environment names, or one in the usual places. Looked for once.
    static let shared = Result { () throws(MetricsStoreError) in
        try load(ProcessInfo.processInfo.environment["DUCKDB_LIBRARY"])
    }

    /// Where libraries are usually put, after the places that the dynamic linker knows.
    private static let usualPlaces = [
        "libduckdb.so", "libduckdb.dylib", "/usr/local/lib/libduckdb.so", "/opt/duckdb/libduckdb.so",
        "/usr/local/lib/libduckdb.dylib", "/opt/homebrew/lib/libduckdb.dylib",
    ]

    /// - Parameter path: where it is; nil looks in the usual places.
    static func load(_ path: String?) throws(MetricsStoreError) -> DuckDBLibrary {
        var reasons: [String] = []
        for place in path.map({ [$0] }) ?? usualPlaces {
            var functions = duckdb_functions()
            var missing: UnsafePointer<CChar>?
            if duckdb_load(place, &functions, &missing) { return DuckDBLibrary(functions) }
            reasons.append(missing.map { String(cString: $0) } ?? "it cannot be loaded")
        }
        if let path {
            throw MetricsStoreError(
                .unavailable, value: "DUCKDB_LIBRARY=\(path)", reason: "it is no DuckDB library (\(reasons[0]))",
                mend: "Give the path of libduckdb.so, version 1.0 or later.")
        }
        throw MetricsStoreError(
            .unavailable, value: "DuckDB", reason: "its library is not installed",
            mend: "Put libduckdb.so where the dynamic linker looks, or set DUCKDB_LIBRARY to its path.")
    }
}
