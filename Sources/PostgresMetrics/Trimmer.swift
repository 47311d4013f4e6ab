import Foundation
import PostgresPool
import RequestMetrics

/// Deletes what is too old or beyond the budget, in short transactions of at most ``RetentionSettings/batch`` rows: nobody waits long, and
/// no table is locked.
struct Trimmer {
    let pool: PostgresPool
    let settings: RetentionSettings
    let now: Date

    func trim() async throws {
        try await trimByAge()
        try await trimByBudget()
    }

    // MARK: Age

    private func trimByAge() async throws {
        let rowsBefore = now.addingTimeInterval(-settings.rows)
        try await repeating {
            try await pool.query(
                """
                WITH oldest AS (SELECT id, recorded_at FROM request_metrics ORDER BY id LIMIT \(RetentionSettings.batch))
                DELETE FROM request_metrics m USING oldest o WHERE m.id = o.id AND o.recorded_at < \(rowsBefore)
                """
            ).affectedRows
        }
        let minutes = now.addingTimeInterval(-max(settings.minutes, RetentionSettings.leastMinutes)).storedSeconds
        try await dropMinutes(before: minutes - minutes % 3600)
        try await dropHours(before: now.addingTimeInterval(-settings.hours).storedSeconds)
        try await pool.query("DELETE FROM pitwall_marks WHERE at < \(now.addingTimeInterval(-settings.hours))")
    }

    /// Lets minutes below the floor go: once their hours are settled, the floor is raised, so that no reader counts them
    /// any more, and then they are deleted.
    private func dropMinutes(before floor: Int) async throws {
        let oldest = try await pool.query("SELECT min(start) FROM pitwall_totals WHERE span = 60")[0].decode(Int?.self)
        guard let oldest, oldest < floor else { return }
        for _ in 0..<RetentionSettings.steps {
            _ = try await HourSettlement.settle(pool, now: now)
            let left = try await pool.query("SELECT count(*) FROM pitwall_unsettled WHERE hour < \(floor)")[0]
                .decode(Int.self)
            guard left > 0 else { break }
        }
        let isRaised = try await pool.withTransaction { connection in
            let lock = try await connection.query("SELECT pg_try_advisory_xact_lock(\(PostgresSchema.upkeepLock))")
            guard try lock[0].decode(Bool.self) else { return false }
            let left = try await connection.query("SELECT count(*) FROM pitwall_unsettled WHERE hour < \(floor)")[0]
                .decode(Int.self)
            guard left == 0 else { return false }
            try await connection.query(
                """
                INSERT INTO pitwall_state AS known (name, value) VALUES ('minute_floor', \(floor))
                ON CONFLICT (name) DO UPDATE SET value = greatest(known.value, excluded.value)
                """
            )
            return true
        }
        guard isRaised else { return }
        try await delete(span: .minute, before: floor)
    }

    private func dropHours(before end: Int) async throws {
        try await delete(span: .hour, before: end)
    }

    // MARK: Budget

    private func trimByBudget() async throws {
        guard let budget = settings.budget else { return }
        let limit = max(budget, RetentionSettings.leastBudget)
        guard try await pool.query(PostgresStore.sizeQuery)[0].decode(Int.self) > limit else { return }
        // Deleted rows leave the size as it is until autovacuum lets their room be used again: one step a drain.
        let deleted = try await pool.query(
            """
            WITH oldest AS (SELECT id FROM request_metrics ORDER BY id LIMIT \(RetentionSettings.batch)),
                kept AS (SELECT id FROM request_metrics ORDER BY id DESC LIMIT 1 OFFSET \(RetentionSettings.leastRows))
            DELETE FROM request_metrics m USING oldest o WHERE m.id = o.id AND m.id <= (SELECT id FROM kept)
            """
        ).affectedRows
        guard deleted == 0 else { return }
        let oldest = try await pool.query("SELECT min(start) FROM pitwall_totals WHERE span = 60")[0].decode(Int?.self)
        if let oldest {
            let next = oldest - oldest % 3600 + 3600
            if next <= now.addingTimeInterval(-RetentionSettings.leastMinutes).storedSeconds {
                try await dropMinutes(before: next)
            }
        }
    }

    // MARK: Steps

    private func delete(span: Resolution, before end: Int) async throws {
        let length = Int32(span.rawValue)
        for table in ["pitwall_rollups", "pitwall_totals"] {
            try await repeating {
                try await pool.query(
                    """
                    DELETE FROM \(identifier: table) WHERE ctid = ANY(ARRAY(
                        SELECT ctid FROM \(identifier: table) WHERE span = \(length) AND start < \(end) LIMIT \(RetentionSettings.batch)))
                    """
                ).affectedRows
            }
        }
    }

    private func repeating(_ step: () async throws -> Int) async throws {
        for _ in 0..<RetentionSettings.steps {
            guard try await step() > 0 else { return }
        }
    }
}
