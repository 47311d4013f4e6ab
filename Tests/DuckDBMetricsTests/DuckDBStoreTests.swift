import Foundation
import PostgresFixture
import RequestMetrics
import StoreFixture
import Testing

@testable import DuckDBMetrics

/// What is DuckDB's own; what all stores promise is in MetricsStoresTests.
@Suite struct DuckDBStoreTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("duck-\(UUID().uuidString)").path
    private var path: String { folder + "/metrics.duckdb" }

    init() throws {
        _ = TestDuckDB.isChosen
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func withFolder(_ body: () async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body()
    }

    /// Columns with their types, as another program sees them.
    private func columns() throws -> [String] {
        let file = try DuckDBFile(path: path, isReadOnly: true, library: DuckDBLibrary.shared.get())
        return try DuckDBConnection(file).query(
            """
            SELECT column_name || ' ' || data_type FROM information_schema.columns
            WHERE table_name = 'request_metrics' ORDER BY ordinal_position
            """
        ).compactMap { $0.text(0) }
    }

    @Test func aNewFileHasTheContractsTable() async throws {
        try await withFolder {
            let store = DuckDBStore(path: path)
            try await store.migrate()
            try await store.close()
            let columns = try columns()
            #expect(
                columns == [
                    "id INTEGER", "path VARCHAR", "method VARCHAR", "status_code INTEGER", "duration_ms FLOAT",
                    "recorded_at TIMESTAMP",
                ])
        }
    }

    @Test func aLibraryThatIsNotThereIsOneLine() {
        let absent = #expect(throws: MetricsStoreError.self) { try DuckDBLibrary.load("/no/such/libduckdb.so") }
        #expect(
            absent?.description == "DUCKDB_LIBRARY=/no/such/libduckdb.so: it is no DuckDB library "
                + "(/no/such/libduckdb.so: cannot open shared object file: No such file or directory). "
                + "Give the path of libduckdb.so, version 1.0 or later.")
        let other = #expect(throws: MetricsStoreError.self) { try DuckDBLibrary.load("libc.so.6") }
        #expect(other?.reason == "it is no DuckDB library (duckdb_create_config)")
    }

    @Test func aFileThatIsNoDatabaseIsLeftAsItIs() async throws {
        try await withFolder {
            let text = Data(String(repeating: "These are my notes, not a database.\n", count: 400).utf8)
            try text.write(to: URL(fileURLWithPath: path))
            let failure = await storeError { try await DuckDBStore(path: path).migrate() }
            #expect(failure?.code == .corrupt, "\(String(describing: failure))")
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        }
    }

    @Test func aFileThatIsCutOffIsDamaged() async throws {
        try await withFolder {
            let store = DuckDBStore(path: path)
            try await store.migrate()
            try await store.close()
            let start = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(2_000)
            try start.write(to: URL(fileURLWithPath: path))
            let failure = await storeError { try await DuckDBStore(path: path).migrate() }
            #expect(failure?.code == .corrupt, "\(String(describing: failure))")
        }
    }

    @Test func aFileThatWasDeletedIsMadeAnew() async throws {
        try await withFolder {
            let store = DuckDBStore(path: path)
            try await store.write(.sample(1, at: .noon(10), [.permit: 1]))
            for suffix in ["", ".wal"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            try await store.write(.sample(2, at: .noon(20), [.permit: 2]))
            #expect(FileManager.default.fileExists(atPath: path))
            let window = try await store.read(.hours(0...1))
            #expect(window.counts == [.permit: 2])
            try await store.close()
        }
    }

    @Test func readingNeedsTheFileAndChangesNothing() async throws {
        try await withFolder {
            let reader = DuckDBStore(path: path, isReadOnly: true)
            let failure = await storeError { _ = try await reader.read(.hours(0...1)) }
            #expect(
                failure?.description == "\(path): there is no such file. "
                    + "Check the path, or start the service once to create it.")
            let writer = DuckDBStore(path: path)
            try await writer.write(.sample(1, at: .noon(10), [.permit: 1]))
            try await writer.close()
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            let window = try await reader.read(.hours(0...1))
            #expect(window.counts == [.permit: 1])
            let writing = await storeError { try await reader.write(.sample(2, at: .noon(20))) }
            #expect(writing?.code == .readOnly)
            try await reader.close()
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test func aMissingFolderIsUnavailable() async throws {
        let failure = await storeError { try await DuckDBStore(path: "/no/such/folder/metrics.duckdb").migrate() }
        #expect(failure?.code == .unavailable, "\(String(describing: failure))")
    }

    @Test func valuesComeBackAsTheyWere() async throws {
        try await withFolder {
            let file = try DuckDBFile(path: path, isReadOnly: false, library: DuckDBLibrary.shared.get())
            let connection = try DuckDBConnection(file)
            let long = String(repeating: "länger als zwölf Bytes ", count: 20)
            let values: [DuckDBValue] = [
                .null, .bool(true), .integer(.min), .real(-0.125), .text(""), .text("zwölf Bytes"), .text(long),
                .bytes(Data([0, 255, 0])), .bytes(Data()), .time(.noon(0.25)),
            ]
            let sql =
                "SELECT ?, ?::BOOLEAN, ?::BIGINT, ?::DOUBLE, ?::TEXT, ?::TEXT, ?::TEXT, ?::BLOB, ?::BLOB, ?::TIMESTAMP"
            var rows: [DuckDBRow] = []
            try connection.forEachRow(of: sql, values) { rows.append($0) }
            #expect(rows.map(\.values) == [values])
            // More than one chunk, with nulls in between.
            var sum = 0
            var nulls = 0
            try connection.forEachRow(
                of: "SELECT CASE WHEN i % 3 = 0 THEN NULL ELSE i END FROM range(10000) r(i)", []
            ) { row in
                if let value = row.integer(0) { sum += value } else { nulls += 1 }
            }
            #expect((sum, nulls) == (33_326_667, 3_334))
        }
    }
}
