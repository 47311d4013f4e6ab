import Dispatch
import Foundation
import GRDB
import Synchronization

/// The file of a ``SQLiteStore``: opened when first needed, and opened anew when it was replaced or an attempt failed.
final class SQLiteDatabase: Sendable {
    /// An open file, and whether its schema is known to be up to date.
    private struct Open {
        let pool: DatabasePool
        let identity: FileIdentity?
        var isMigrated = false
    }

    private enum State {
        case idle
        case open(Open)
        case closed
    }

    let path: String
    let isReadOnly: Bool
    private let mayCreate: Bool
    private let busyTimeout: TimeInterval
    private let walLimit: Int
    private let state = Mutex(State.idle)
    /// Opening blocks, for as long as another program holds the file; so it has a thread of its own.
    private let opener = DispatchQueue(label: "pitwall.sqlite.open")

    init(path: String, isReadOnly: Bool, mayCreate: Bool, busyTimeout: TimeInterval, walLimit: Int) {
        self.path = path
        self.isReadOnly = isReadOnly
        self.mayCreate = mayCreate && !isReadOnly
        self.busyTimeout = busyTimeout
        self.walLimit = walLimit
    }

    /// Reads in a snapshot of the file; a writer neither waits for it nor changes what it sees.
    func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await translatingErrors {
            try await self.pool().read(body)
        }
    }

    /// Writes in one transaction, with the schema up to date.
    func write<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await translatingErrors {
            try self.requireWritable()
            let pool = try await self.pool()
            try await self.migrate(pool)
            return try await pool.write(body)
        }
    }

    /// Runs statements that are transactions of their own.
    func writeWithoutTransaction<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await translatingErrors {
            try self.requireWritable()
            return try await self.pool().writeWithoutTransaction(body)
        }
    }

    func migrate() async throws {
        try await translatingErrors {
            try self.requireWritable()
            try await self.migrate(self.pool())
        }
    }

    func close() async throws {
        let previous = state.withLock { state in
            defer { state = .closed }
            return state
        }
        guard case .open(let open) = previous else { return }
        try await translatingErrors {
            try await self.onOpener {
                if !self.isReadOnly { self.emptyLog(of: open.pool) }
                try open.pool.close()
            }
        }
    }

    /// Moves what is in the log into the file and empties the log, if nobody else has the file open: SQLite does so itself
    /// only when the last connection that closes is a writer, and the pool's readers close last.
    private func emptyLog(of pool: DatabasePool) {
        try? pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA busy_timeout = 0")
            try db.checkpoint(.truncate)
        }
    }

    // MARK: - Opening

    private func pool() async throws -> DatabasePool {
        if let pool = try openPool() { return pool }
        return try await onOpener {
            // Another task may have opened it while this one waited for its turn.
            if let pool = try self.openPool() { return pool }
            let pool = try self.openFile()
            let identity = FileIdentity(path: self.path)
            try self.state.withLock { state in
                if case .closed = state { throw self.closedError }
                state = .open(Open(pool: pool, identity: identity))
            }
            return pool
        }
    }

    /// The open pool, unless its file is no longer the one at the path.
    private func openPool() throws -> DatabasePool? {
        try state.withLock { state in
            switch state {
            case .idle: return nil
            case .closed: throw closedError
            case .open(let open):
                if open.identity == FileIdentity(path: path) { return open.pool }
                state = .idle
                return nil
            }
        }
    }

    private func openFile() throws -> DatabasePool {
        try prepareFolder()
        var configuration = Configuration()
        configuration.label = "pitwall"
        configuration.readonly = isReadOnly
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(busyTimeout)
        let walLimit = walLimit
        configuration.prepareDatabase { db in
            // The pool's readers come here as well.
            guard !db.configuration.readonly else { return }
            // Takes effect in a new file only. Without it deleted rows would never give their space back.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            try db.execute(sql: "PRAGMA journal_size_limit = \(walLimit)")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(max(walLimit / 4096, 16))")
        }
        let file = SQLiteFile(path: path)
        let deadline = DispatchTime.now() + busyTimeout
        while true {
            do {
                return try DatabasePool(path: path, configuration: configuration)
            } catch let error as DatabaseError
                where isReadOnly && file.isAtRest && [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
            {
                return try DatabasePool(path: file.immutableURL, configuration: configuration)
            } catch let error as DatabaseError
                where error.resultCode == .SQLITE_BUSY && !isReadOnly && DispatchTime.now() < deadline
            {
                // Switching a new file to WAL needs it alone, and SQLite does not wait there: two that start at once meet.
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
    }

    private func prepareFolder() throws {
        let manager = FileManager.default
        if manager.fileExists(atPath: path) { return }
        guard mayCreate else {
            throw MetricsStoreError(
                .unavailable, value: path, reason: "there is no such file",
                mend: "Check the path, or start the service once to create it.")
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        if manager.fileExists(atPath: folder.path) { return }
        do {
            // The last folder only: a mistyped path must not grow a tree.
            try manager.createDirectory(at: folder, withIntermediateDirectories: false)
        } catch {
            // Another process may just have made it.
            if manager.fileExists(atPath: folder.path) { return }
            throw MetricsStoreError(
                .unavailable, value: path, reason: "its folder \(folder.path) does not exist and cannot be created",
                mend: "Create the folder, or give another path.")
        }
    }

    private func migrate(_ pool: DatabasePool) async throws {
        if isMigrated(pool) { return }
        try await onOpener { try SQLiteSchema.migrate(pool, path: self.path) }
        state.withLock { state in
            guard case .open(var open) = state, open.pool === pool else { return }
            open.isMigrated = true
            state = .open(open)
        }
    }

    private func isMigrated(_ pool: DatabasePool) -> Bool {
        state.withLock { state in
            if case .open(let open) = state, open.pool === pool { open.isMigrated } else { false }
        }
    }

    private func requireWritable() throws {
        if isReadOnly {
            throw MetricsStoreError(
                .readOnly, value: path, reason: "it was opened for reading only", mend: "Open it for writing.")
        }
    }

    private var closedError: MetricsStoreError {
        MetricsStoreError(.unavailable, value: path, reason: "the store is closed", mend: "Open it again.")
    }

    private func onOpener<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            opener.async { continuation.resume(with: Result(catching: body)) }
        }
    }

    private func translatingErrors<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw MetricsStoreError(error, path: path)
        }
    }
}
