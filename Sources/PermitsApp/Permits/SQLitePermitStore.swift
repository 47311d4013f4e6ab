import Foundation
import GRDB
import RequestMetrics

/// The register in SQLite, with FTS5 for search.
struct SQLitePermitStore: PermitStore {
    static let tables = ["permits", "permits_search"]

    private let database: any DatabaseWriter
    private let path: String
    private let identity: FileIdentity?

    /// Opens the file; makes it unless it is only to be read.
    init(path: String, isReadOnly: Bool = false) throws {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        // Only a first start writes, and it fills the register; others that start just then wait for it.
        configuration.busyMode = .timeout(60)
        configuration.label = "permits"
        self.path = path
        // A pool would switch the file to write-ahead mode, which is a change.
        database =
            try isReadOnly
            ? Self.openForReading(path, configuration)
            : DatabasePool(path: path, configuration: configuration)
        identity = FileIdentity(path: path)
    }

    private static func openForReading(_ path: String, _ configuration: Configuration) throws -> DatabaseQueue {
        let file = SQLiteFile(path: path)
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch let error as DatabaseError
            where file.isAtRest && [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
        {
            return try DatabaseQueue(path: file.immutableURL, configuration: configuration)
        }
    }

    /// One transaction that looks and then acts: of several that start at once, one makes the register and the others
    /// find it. (A migrator looks first and begins its transaction afterwards, so that two can meet in between.)
    func migrate() async throws {
        try await database.write { db in
            if try db.tableExists("permits"), try db.tableExists("permits_search") { return }
            // Half a register is none: the generator makes the same permits again.
            for table in ["permits_search", "permits"] { try db.execute(sql: "DROP TABLE IF EXISTS \(table)") }
            try Self.makeTables(db)
            var generator = PermitGenerator()
            for permit in generator.permits() { try permit.row.insert(db) }
        }
    }

    private static func makeTables(_ db: Database) throws {
        try db.create(table: "permits") { table in
            table.column("id", .integer).primaryKey()
            table.column("number", .text).notNull().unique()
            table.column("kind", .text).notNull()
            table.column("status", .text).notNull()
            table.column("address", .text).notNull()
            table.column("district", .text).notNull()
            table.column("applicant", .text).notNull()
            table.column("summary", .text).notNull()
            table.column("filed_on", .integer).notNull()
            table.column("cost", .integer).notNull()
        }
        // For the landing page.
        try db.create(index: "permits_by_filing", on: "permits", columns: ["filed_on", "id"])
        try db.create(virtualTable: "permits_search", using: FTS5()) { table in
            table.synchronize(withTable: "permits")
            table.tokenizer = .unicode61()
            for column in ["number", "kind", "address", "district", "applicant", "summary"] { table.column(column) }
        }
    }

    /// Of the file that is at the path now, were it replaced since.
    func missingTables() async throws -> [String] {
        guard let current = FileIdentity(path: path) else { return Self.tables }
        if current != identity { return try await Self(path: path, isReadOnly: true).missingTables() }
        return try await database.read { db in
            try Self.tables.filter { try !db.tableExists($0) }
        }
    }

    func search(_ words: String, limit: Int) async throws -> (permits: [Permit], total: Int) {
        // Words only: whatever else a visitor types means nothing to FTS5.
        guard let pattern = FTS5Pattern(matchingAllTokensIn: words) else { return ([], 0) }
        return try await database.read { db in
            let total = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM permits_search WHERE permits_search MATCH ?", arguments: [pattern])
            let rows = try PermitRow.fetchAll(
                db,
                sql: """
                    SELECT permits.* FROM permits_search JOIN permits ON permits.id = permits_search.rowid
                    WHERE permits_search MATCH ? ORDER BY rank, permits.id LIMIT ?
                    """, arguments: [pattern, limit])
            return (rows.compactMap(\.permit), total ?? 0)
        }
    }

    func permit(id: Int) async throws -> Permit? {
        try await database.read { db in try PermitRow.fetchOne(db, key: id)?.permit }
    }

    func latest(limit: Int) async throws -> [Permit] {
        try await database.read { db in
            try PermitRow.order(Column("filed_on").desc, Column("id").desc).limit(limit).fetchAll(db)
                .compactMap(\.permit)
        }
    }

    func districts() async throws -> [DistrictSummary] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT district, count(*) AS permits, sum(status IN ('Filed', 'In review')) AS open,
                           CAST(avg(cost) AS INTEGER) AS mean_cost
                    FROM permits GROUP BY district ORDER BY permits DESC, district
                    """
            ).map {
                DistrictSummary(
                    district: $0["district"], permits: $0["permits"], open: $0["open"], meanCost: $0["mean_cost"])
            }
        }
    }

    func ids(after id: Int, limit: Int) async throws -> [Int] {
        try await database.read { db in
            try Int.fetchAll(
                db, sql: "SELECT id FROM permits WHERE id > ? ORDER BY id LIMIT ?", arguments: [id, limit])
        }
    }
}

/// A permit as a row of the table.
private struct PermitRow: Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "permits"

    let id: Int
    let number: String
    let kind: String
    let status: String
    let address: String
    let district: String
    let applicant: String
    let summary: String
    /// Seconds since 1970.
    let filedOn: Int
    let cost: Int

    enum CodingKeys: String, CodingKey {
        case id, number, kind, status, address, district, applicant, summary, cost
        case filedOn = "filed_on"
    }

    /// Nil when another program wrote a kind or status that this one does not know.
    var permit: Permit? {
        guard let kind = Permit.Kind(rawValue: kind), let status = Permit.Status(rawValue: status) else { return nil }
        return Permit(
            id: id, number: number, kind: kind, status: status, address: address, district: district,
            applicant: applicant, summary: summary, filedOn: Date(timeIntervalSince1970: Double(filedOn)), cost: cost)
    }
}

extension Permit {
    fileprivate var row: PermitRow {
        PermitRow(
            id: id, number: number, kind: kind.rawValue, status: status.rawValue, address: address, district: district,
            applicant: applicant, summary: summary, filedOn: Int(filedOn.timeIntervalSince1970), cost: cost)
    }
}
