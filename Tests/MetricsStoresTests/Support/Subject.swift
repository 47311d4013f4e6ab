import Foundation
import PostgresFixture
import PostgresMetrics
import PostgresPool
import RequestMetrics
import StoreFixture
import Synchronization

@testable import DuckDBMetrics
@testable import MetricsStores

/// Every kind of store there is.
enum StoreKind: CaseIterable, Sendable {
    case sqlite
    case postgres
    case duckDB
}

/// A store of some kind in a database of its own, and what other programs do with that database.
final class Subject: Sendable {
    let kind: StoreKind
    /// The store; another one after ``sql(_:)`` on a kind that lets one program at a time in.
    var store: any MetricsStore { current.withLock { $0 } }

    let url: DatabaseURL
    private let current: Mutex<any MetricsStore>
    private let make: @Sendable () -> any MetricsStore
    private let path: String
    let server: ThrowawayPostgres?

    private static let server = Task { try await ThrowawayPostgres.start() }

    private init(
        _ kind: StoreKind, _ url: DatabaseURL, path: String, server: ThrowawayPostgres?,
        make: @escaping @Sendable () -> any MetricsStore
    ) {
        self.kind = kind
        self.url = url
        self.path = path
        self.server = server
        self.make = make
        current = Mutex(make())
    }

    /// Runs the body with a new database; its tables are not there yet.
    ///
    /// - Parameters:
    ///   - server: the Postgres server; nil shares one.
    ///   - disk: where the database lies; nil is the temporary folder.
    ///   - options: start-up options of Postgres' sessions.
    ///   - patience: seconds that SQLite waits for a lock.
    static func with(
        _ kind: StoreKind, retention: RetentionSettings = RetentionSettings(), sampling: SamplingRule = SamplingRule(),
        server: ThrowawayPostgres? = nil, disk: TinyDisk? = nil, options: String = "", patience: Double = 60,
        _ body: @escaping @Sendable (Subject) async throws -> Void
    ) async throws {
        let name = "t\(UUID().uuidString.lowercased().filter { $0 != "-" })"
        let own = NSTemporaryDirectory() + "pitwall-" + name
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: own) }
        let path = (disk?.path ?? own) + "/metrics." + "\(kind)".lowercased()
        switch kind {
        case .sqlite:
            try await body(
                Subject(kind, .sqlite(path: path), path: path, server: nil) {
                    SQLiteStore(path: path, retention: retention, sampling: sampling, busyTimeout: patience)
                })
        case .duckDB:
            _ = TestDuckDB.isChosen
            let subject = Subject(kind, .duckDB(path: path), path: path, server: nil) {
                DuckDBStore(path: path, retention: retention, sampling: sampling)
            }
            try await body(subject)
            try await subject.store.close()
        case .postgres:
            let server = if let server { server } else { try await Self.server.value }
            var place = ""
            if let disk {
                try await server.asServer("mkdir '\(disk.path)/data'")
                try await server.psql("CREATE TABLESPACE s\(name) LOCATION '\(disk.path)/data'")
                place = " TABLESPACE s\(name)"
            }
            try await server.psql("CREATE DATABASE \(name)\(place)")
            let escaped = options.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let text =
                "postgres://postgres@127.0.0.1:\(server.port)/\(name)" + (escaped.isEmpty ? "" : "?options=\(escaped)")
            var configuration = PostgresPoolConfiguration(connectionString: text)
            configuration.minimumConnections = 0
            // A machine under load is no failure; a lock that is held is one soon.
            configuration.acquireTimeout = .seconds(60)
            configuration.statementTimeout = "10s"
            try await PostgresPool.withPool(configuration, logger: .silent) { pool in
                try await body(
                    Subject(kind, .postgres(text), path: name, server: server) {
                        PostgresStore(pool: pool, retention: retention, sampling: sampling)
                    })
            }
        }
    }

    /// Another store on the same database, as another instance of the service has one. DuckDB lets one in at a time.
    func another() -> any MetricsStore { kind == .duckDB ? store : make() }

    /// Takes the database away for the time of a closure: stops the server, or puts something else at the file's place.
    func away(_ body: () async throws -> Void) async throws {
        if let server {
            try await server.stop(mode: "immediate")
            try await body()
            try await server.start()
        } else {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            try FileManager.default.moveItem(atPath: folder, toPath: folder + ".away")
            try Data().write(to: URL(fileURLWithPath: folder))
            try await body()
            try FileManager.default.removeItem(atPath: folder)
            try FileManager.default.moveItem(atPath: folder + ".away", toPath: folder)
        }
    }

    /// Runs statements as another program does.
    ///
    /// - Returns: the first column of the last statement's first row.
    @discardableResult
    func sql(_ statements: String...) async throws -> String {
        switch kind {
        case .sqlite:
            let text = quoted(statements.joined(separator: ";\n"))
            return try await shell("sqlite3 -bail -cmd '.timeout 10000' \(quoted(path)) \(text)")
        case .postgres:
            return try await server?.psql(statements.joined(separator: ";\n"), database: path) ?? ""
        case .duckDB:
            try await store.close()
            let file = try DuckDBFile(path: path, isReadOnly: false, library: DuckDBLibrary.shared.get())
            let connection = try DuckDBConnection(file)
            var last = ""
            for statement in statements {
                switch try connection.query(statement).first?.values.first {
                case .text(let text): last = text
                case .integer(let number): last = "\(number)"
                case .bool(let isTrue): last = "\(isTrue)"
                default: last = ""
                }
            }
            current.withLock { $0 = make() }
            return last
        }
    }
}
