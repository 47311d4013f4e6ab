import Dispatch
import Foundation
import RequestMetrics
import Synchronization

/// The file of a ``DuckDBStore``: opened when first needed, and opened anew when it was replaced or an attempt failed.
///
/// DuckDB's calls block, so they run on two threads of their own, one that writes and one that reads: a reader sees the
/// snapshot in which it began and waits for no writer.
final class DuckDBDatabase: Sendable {
    private struct Open {
        let writer: DuckDBConnection
        let reader: DuckDBConnection
        let identity: FileIdentity?
        var isMigrated = false
    }

    private enum State {
        case idle
        case open(Open)
        case closed
    }

    let path: String
    private let isReadOnly: Bool
    /// Locked on the two queues only, because opening a file takes its time.
    private let state = Mutex(State.idle)
    private let reading = DispatchQueue(label: "pitwall.duckdb.read")
    private let writing = DispatchQueue(label: "pitwall.duckdb.write")

    init(path: String, isReadOnly: Bool) {
        self.path = path
        self.isReadOnly = isReadOnly
    }

    /// Reads in one snapshot of the file. When the task is cancelled, the statement that runs is ended.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (DuckDBConnection) throws -> Result
    ) async throws -> Result {
        let running = Mutex<DuckDBConnection?>(nil)
        return try await withTaskCancellationHandler {
            try await on(reading) {
                let connection = try self.open().reader
                running.withLock { $0 = connection }
                defer { running.withLock { $0 = nil } }
                return try connection.inTransaction(body)
            }
        } onCancel: {
            running.withLock { $0?.interrupt() }
        }
    }

    /// Writes in one transaction, with the schema up to date.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (DuckDBConnection) throws -> Result
    ) async throws -> Result {
        try await on(writing) {
            try self.reopeningAfterDoubt { try self.migrated().inTransaction(body) }
        }
    }

    /// Runs statements that are transactions of their own.
    func writeWithoutTransaction<Result: Sendable>(
        _ body: @escaping @Sendable (DuckDBConnection) throws -> Result
    ) async throws -> Result {
        try await on(writing) {
            try self.reopeningAfterDoubt { try body(self.migrated()) }
        }
    }

    func migrate() async throws {
        try await on(writing) { _ = try self.migrated() }
    }

    func close() async throws {
        try await on(writing) { self.state.withLock { $0 = .closed } }
    }

    // MARK: Opening

    /// The connection that writes, after the schema has been brought up to date.
    private func migrated() throws -> DuckDBConnection {
        guard !isReadOnly else {
            throw MetricsStoreError(
                .readOnly, value: path, reason: "it was opened for reading only", mend: "Open it for writing.")
        }
        var open = try open()
        guard !open.isMigrated else { return open.writer }
        try DuckDBSchema.migrate(open.writer, path: path)
        open.isMigrated = true
        state.withLock { if case .open = $0 { $0 = .open(open) } }
        return open.writer
    }

    private func open() throws -> Open {
        try state.withLock { state in
            switch state {
            case .closed:
                throw MetricsStoreError(
                    .unavailable, value: path, reason: "the store is closed", mend: "Open it again.")
            case .open(let current) where current.identity == FileIdentity(path: path):
                return current
            case .open, .idle:
                // The old file is closed before the new one is opened.
                state = .idle
                let open = try openFile()
                state = .open(open)
                return open
            }
        }
    }

    private func openFile() throws -> Open {
        let library = try DuckDBLibrary.shared.get()
        if isReadOnly, !FileManager.default.fileExists(atPath: path) {
            throw MetricsStoreError(
                .unavailable, value: path, reason: "there is no such file",
                mend: "Check the path, or start the service once to create it.")
        }
        let file = try DuckDBFile(path: path, isReadOnly: isReadOnly, library: library)
        return Open(
            writer: try DuckDBConnection(file), reader: try DuckDBConnection(file), identity: FileIdentity(path: path))
    }

    /// Writes; when a commit or the disk fails, closes the file, so that it is opened anew and brought to the last commit
    /// by its log. DuckDB says that it has undone the transaction, but of what is appended afterwards to the database that
    /// is open, some is not there when it is read.
    ///
    /// Only once nobody reads: as long as one connection is left, so is the old database, and it writes when it closes.
    private func reopeningAfterDoubt<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DuckDBError where error.leavesDoubt {
            reading.sync {
                state.withLock { if case .open = $0 { $0 = .idle } }
            }
            throw error
        }
    }

    // MARK: Threads

    private func on<Result: Sendable>(
        _ queue: DispatchQueue, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Swift.Result { try self.translatingErrors(body) })
            }
        }
    }

    private func translatingErrors<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            do {
                return try body()
            } catch let error as DuckDBError where error.isFatal {
                // The transaction is undone, and everything else refused until the file is opened anew.
                state.withLock { if case .open = $0 { $0 = .idle } }
                return try body()
            }
        } catch let error as DuckDBError {
            throw MetricsStoreError(error, path: path)
        }
    }
}
