import Foundation
import PostgresPool

/// The register in Postgres, with its full-text search; everything goes through the pool.
struct PostgresPermitStore: PermitStore {
    let pool: PostgresPool

    /// Names the lock that processes which start at once take turns by: "permits" in ASCII.
    private static let migrationLock = 0x70_65_72_6D_69_74_73

    /// One transaction that looks and then acts, so that half a register is never there.
    func migrate() async throws {
        try await pool.withTransaction { connection in
            try await connection.query("SELECT pg_advisory_xact_lock(\(Self.migrationLock))")
            guard try await !Self.hasTable(connection) else { return }
            for statement in Self.schema { try await connection.query(statement) }
            var generator = PermitGenerator()
            let permits = generator.permits()
            try await connection.copyIn(
                "permits",
                columns: [
                    "id", "number", "kind", "status", "address", "district", "applicant", "summary", "filed_on", "cost",
                ]
            ) { writer in
                for permit in permits {
                    try await writer.write(
                        permit.id, permit.number, permit.kind.rawValue, permit.status.rawValue, permit.address,
                        permit.district, permit.applicant, permit.summary, permit.filedOn, permit.cost)
                }
            }
            try await connection.query("ANALYZE permits")
        }
    }

    /// Words are told apart as SQLite's FTS5 does it: whatever is no letter and no digit lies between two words. The
    /// configuration `simple` keeps every word as it is, so that names and numbers are found too.
    private static let schema: [PostgresQuery] = [
        """
        CREATE TABLE permits (
            id BIGINT PRIMARY KEY,
            number TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            status TEXT NOT NULL,
            address TEXT NOT NULL,
            district TEXT NOT NULL,
            applicant TEXT NOT NULL,
            summary TEXT NOT NULL,
            filed_on TIMESTAMPTZ NOT NULL,
            cost BIGINT NOT NULL,
            words TSVECTOR NOT NULL GENERATED ALWAYS AS (
                to_tsvector('simple', regexp_replace(
                    number || ' ' || kind || ' ' || address || ' ' || district || ' ' || applicant || ' ' || summary,
                    '[^[:alnum:]]+', ' ', 'g'))
            ) STORED
        )
        """,
        "CREATE INDEX permits_search ON permits USING gin (words)",
        // For the landing page.
        "CREATE INDEX permits_by_filing ON permits (filed_on, id)",
    ]

    func missingTables() async throws -> [String] {
        try await pool.withConnection { try await Self.hasTable($0) } ? [] : ["permits"]
    }

    private static func hasTable(_ connection: PostgresConnection) async throws -> Bool {
        try await connection.query("SELECT to_regclass('permits') IS NOT NULL")[0].decode(Bool.self)
    }

    func search(_ words: String, limit: Int) async throws -> (permits: [Permit], total: Int) {
        // Words only: whatever else a visitor types means nothing to the query.
        let plain = words.split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
        guard !plain.isEmpty else { return ([], 0) }
        let rows = try await pool.query(
            """
            SELECT \(Self.columns), count(*) OVER () AS total
            FROM permits, plainto_tsquery('simple', \(plain)) AS query
            WHERE words @@ query ORDER BY ts_rank(words, query) DESC, id LIMIT \(limit)
            """
        )
        return (try permits(rows), try rows.first?.decode("total", as: Int.self) ?? 0)
    }

    func permit(id: Int) async throws -> Permit? {
        try permits(try await pool.query("SELECT \(Self.columns) FROM permits WHERE id = \(id)")).first
    }

    func latest(limit: Int) async throws -> [Permit] {
        try permits(
            try await pool.query("SELECT \(Self.columns) FROM permits ORDER BY filed_on DESC, id DESC LIMIT \(limit)"))
    }

    func districts() async throws -> [DistrictSummary] {
        try await pool.query(
            """
            SELECT district, count(*), count(*) FILTER (WHERE status IN ('Filed', 'In review')), avg(cost)::bigint
            FROM permits GROUP BY district ORDER BY 2 DESC, district
            """
        ).map { row in
            let (district, permits, open, meanCost) = try row.decode(String.self, Int.self, Int.self, Int.self)
            return DistrictSummary(district: district, permits: permits, open: open, meanCost: meanCost)
        }
    }

    func ids(after id: Int, limit: Int) async throws -> [Int] {
        try await pool.query("SELECT id FROM permits WHERE id > \(id) ORDER BY id LIMIT \(limit)")
            .map { try $0.decode(Int.self) }
    }

    private static let columns: PostgresQuery =
        "id, number, kind, status, address, district, applicant, summary, filed_on, cost"

    /// The permits, without those whose kind or status another program wrote that this one does not know.
    private func permits(_ rows: PostgresResult) throws -> [Permit] {
        try rows.compactMap { row in
            let (id, number, kind, status, address, district, applicant, summary, filedOn, cost) = try row.decode(
                Int.self, String.self, String.self, String.self, String.self, String.self, String.self, String.self,
                Date.self, Int.self)
            guard let kind = Permit.Kind(rawValue: kind), let status = Permit.Status(rawValue: status) else {
                return nil
            }
            return Permit(
                id: id, number: number, kind: kind, status: status, address: address, district: district,
                applicant: applicant, summary: summary, filedOn: filedOn, cost: cost)
        }
    }
}
