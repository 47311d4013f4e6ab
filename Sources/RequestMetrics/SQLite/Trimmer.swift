import Foundation
import GRDB

/// Deletes what is too old or beyond the budget, in transactions of at most ``RetentionSettings/batch`` rows.
struct Trimmer {
    let database: SQLiteDatabase
    let settings: RetentionSettings
    let now: Date

    /// Pages given back to the file system in one transaction.
    private static let pages = 1000

    func trim() async throws {
        try await trimByAge()
        try await trimByBudget()
        try await giveBackPages()
    }

    // MARK: - Age

    private func trimByAge() async throws {
        let (now, settings) = (now, settings)
        let marksBefore = now.timeIntervalSince1970 - settings.hours
        let hoursBefore = now.addingTimeInterval(-settings.hours).storedSeconds
        try await repeating {
            try await database.write { db in
                // Rows whose time cannot be read have no age; they must not keep others from going.
                let day = "julianday(recorded_at, 'auto')"
                let ids =
                    "SELECT id FROM request_metrics WHERE \(day) IS NOT NULL ORDER BY id LIMIT \(RetentionSettings.batch)"
                try db.execute(
                    sql: "DELETE FROM request_metrics WHERE id IN (\(ids)) AND \(day) < ?",
                    arguments: [now.addingTimeInterval(-settings.rows).timeIntervalSince1970 / 86400 + 2_440_587.5])
                return db.changesCount
            }
        }
        try await raiseMinuteFloor(to: now.addingTimeInterval(-max(settings.minutes, RetentionSettings.leastMinutes)))
        try await deleteMinutesBelowFloor()
        let deletedHours = try await repeating {
            try await delete(from: "pitwall_rollups", span: .hour, before: hoursBefore)
        }
        try await repeating { try await delete(from: "pitwall_totals", span: .hour, before: hoursBefore) }
        try await database.write { db in
            try db.execute(sql: "DELETE FROM pitwall_marks WHERE at < ?", arguments: [marksBefore])
            // Routes that are gone leave their names; looking for them reads all roll-ups, so only once hours went.
            if deletedHours > 0 {
                try db.execute(
                    sql: "DELETE FROM pitwall_series WHERE id NOT IN (SELECT series FROM pitwall_rollups)")
            }
            try db.execute(sql: "DELETE FROM pitwall_instances WHERE last_seen < ?", arguments: [hoursBefore])
            try db.execute(
                sql: "DELETE FROM pitwall_written WHERE hour < ?", arguments: [now.storedSeconds - 2 * 86400])
        }
    }

    /// Lets minutes before `date` count no longer. Hours that are not settled yet hold it back.
    private func raiseMinuteFloor(to date: Date) async throws {
        try await database.write { db in
            let unsettled = try Int.fetchOne(db, sql: "SELECT MIN(hour) FROM pitwall_unsettled") ?? .max
            let hour = min(date.storedSeconds / 3600 * 3600, unsettled)
            guard try hour > minuteFloor(db) else { return }
            try db.execute(
                sql: "REPLACE INTO pitwall_state (name, value) VALUES ('minute_floor', ?)", arguments: [hour])
        }
    }

    private func deleteMinutesBelowFloor() async throws {
        let floor = try await database.read { try minuteFloor($0) }
        for table in ["pitwall_rollups", "pitwall_totals"] {
            try await repeating { try await delete(from: table, span: .minute, before: floor) }
        }
    }

    // MARK: - Budget

    private func trimByBudget() async throws {
        guard let budget = settings.budget else { return }
        let limit = max(budget, RetentionSettings.leastBudget) - settings.walLimit
        // Measuring tables means reading them; the file bounds them and is quick to ask.
        guard try await usedBytes() > limit else { return }
        let foreign = try await foreignBytes()
        for _ in 0..<RetentionSettings.steps {
            guard try await usedBytes() - foreign > limit else { return }
            if try await deleteOldestRows() { continue }
            if try await deleteOldestMinutes() { continue }
            if try await deleteOldestHours() { continue }
            return
        }
    }

    /// What the host's own tables take: the budget is for ours. Zero where SQLite was built without `dbstat`.
    private func foreignBytes() async throws -> Int {
        let used = try await usedBytes()
        return try await database.read { db in
            guard try Bool.fetchOne(db, sql: "SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')") == true else {
                return 0
            }
            let placeholders = SQLiteSchema.tables.map { _ in "?" }.joined(separator: ", ")
            let trees = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE tbl_name IN (\(placeholders))",
                arguments: StatementArguments(SQLiteSchema.tables))
            let own = try trees.reduce(0) { sum, tree in
                let bytes = try Int.fetchOne(
                    db, sql: "SELECT pgsize FROM dbstat WHERE aggregate = TRUE AND name = ?", arguments: [tree])
                return sum + (bytes ?? 0)
            }
            return max(0, used - own)
        }
    }

    private func usedBytes() async throws -> Int {
        try await database.read { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            let size = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
            return (pages - free) * size
        }
    }

    private func deleteOldestRows() async throws -> Bool {
        try await database.write { db in
            try db.execute(
                sql: """
                    DELETE FROM request_metrics WHERE id IN (SELECT id FROM request_metrics ORDER BY id LIMIT ?)
                        AND id <= (SELECT id FROM request_metrics ORDER BY id DESC LIMIT 1 OFFSET ?)
                    """,
                arguments: [RetentionSettings.batch, RetentionSettings.leastRows])
            return db.changesCount > 0
        }
    }

    private func deleteOldestMinutes() async throws -> Bool {
        let latest = now.addingTimeInterval(-RetentionSettings.leastMinutes).storedSeconds
        let oldest = try await database.read { db in
            try Int.fetchOne(db, sql: "SELECT MIN(start) FROM pitwall_totals WHERE span = 60")
        }
        guard let oldest, oldest / 3600 * 3600 + 3600 <= latest else { return false }
        let floor = Date(storedSeconds: oldest / 3600 * 3600 + 3600)
        try await raiseMinuteFloor(to: floor)
        try await deleteMinutesBelowFloor()
        return try await database.read { try minuteFloor($0) } >= floor.storedSeconds
    }

    private func deleteOldestHours() async throws -> Bool {
        let latest = now.addingTimeInterval(-RetentionSettings.leastMinutes).storedSeconds
        let deleted = try await delete(from: "pitwall_rollups", span: .hour, before: latest)
        let oldest = try await database.read { db in
            try Int.fetchOne(db, sql: "SELECT MIN(start) FROM pitwall_rollups WHERE span = 3600")
        }
        // A total without its series would be a chart that no table agrees with.
        _ = try await delete(from: "pitwall_totals", span: .hour, before: oldest ?? latest)
        return deleted > 0
    }

    // MARK: - Steps

    private func delete(from table: String, span: Resolution, before end: Int) async throws -> Int {
        try await database.write { db in
            // A table without row ids has no id to limit a deletion by; the time of the last row to go serves as well.
            let last = try Int.fetchOne(
                db, sql: "SELECT start FROM \(table) WHERE span = ? AND start < ? ORDER BY start LIMIT 1 OFFSET ?",
                arguments: [span.rawValue, end, RetentionSettings.batch])
            // One stretch may alone hold more than a batch: it goes at once then, or it would never go.
            let oldest = try Int.fetchOne(
                db, sql: "SELECT MIN(start) FROM \(table) WHERE span = ? AND start < ?",
                arguments: [span.rawValue, end])
            guard let oldest else { return 0 }
            try db.execute(
                sql: "DELETE FROM \(table) WHERE span = ? AND start < ?",
                arguments: [span.rawValue, max(last ?? end, oldest + 1)])
            return db.changesCount
        }
    }

    /// - Returns: how many rows went.
    @discardableResult
    private func repeating(_ step: () async throws -> Int) async throws -> Int {
        var total = 0
        for _ in 0..<RetentionSettings.steps {
            let deleted = try await step()
            guard deleted > 0 else { break }
            total += deleted
        }
        return total
    }

    private func giveBackPages() async throws {
        for _ in 0..<RetentionSettings.steps {
            let left = try await database.writeWithoutTransaction { db in
                let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
                // A few free pages are soon used again; in a small file a few are already a good part of it.
                let slack = min(Self.pages / 10, (try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0) / 16)
                guard free > slack else { return 0 }
                // A statement that must be stepped to its end: each step frees one page.
                _ = try Row.fetchAll(db, sql: "PRAGMA incremental_vacuum(\(Self.pages))")
                let left = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
                return left < free ? left : 0
            }
            guard left > 0 else { return }
        }
    }
}

extension RetentionSettings {
    /// How large the write-ahead log beside the file may stay: a part of the budget, 4 MB at most.
    var walLimit: Int {
        min(4_000_000, max(budget ?? .max, Self.leastBudget) / 8)
    }
}
