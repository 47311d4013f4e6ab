import Foundation
import MetricsStores
import PostgresFixture
import StoreFixture

/// A process of another program that holds a subject's database for itself until it is let go.
final class OtherProgram {
    private let process = Process()
    private let input = Pipe()

    /// Starts it; returns once it holds the database.
    init(holding subject: Subject) throws {
        let command: [String]
        var statements = ""
        switch subject.url {
        case .sqlite(let path):
            command = ["sqlite3", path]
            statements = "BEGIN EXCLUSIVE; SELECT 'held';\n"
        case .postgres(let url):
            command = ["psql", "-X", "-q", "-A", "-t", url]
            // Readers are let by: what is held is the right to write.
            statements = "BEGIN; LOCK TABLE pitwall_instances IN SHARE ROW EXCLUSIVE MODE; SELECT 'held';\n"
        case .duckDB(let path):
            command = ["python3", "-c", Self.duckDBHolder, TestDuckDB.library, path]
        }
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(Data(statements.utf8))
        var said = Data()
        while !said.contains(UInt8(ascii: "\n")) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw CommandFailure(command: command, output: "it did not get hold of it") }
            said += more
        }
    }

    /// Lets go; returns once it has ended.
    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Opens the file through the C interface, and keeps it until its input ends.
    private static let duckDBHolder = """
        import ctypes, sys
        library = ctypes.CDLL(sys.argv[1])
        database = ctypes.c_void_p()
        assert library.duckdb_open(sys.argv[2].encode(), ctypes.byref(database)) == 0
        print("held", flush=True)
        sys.stdin.read()
        library.duckdb_close(ctypes.byref(database))
        """
}
