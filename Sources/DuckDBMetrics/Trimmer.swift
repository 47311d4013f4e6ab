import Foundation
import RequestMetrics

/// Deletes what is too old or beyond the budget, in transactions of at most ``RetentionSettings/batch`` examples or one stretch of time.
struct Trimmer {
    let database: DuckDBDatabase
    let settings: RetentionSettings
    let now: Date

    func trim() async throws {
        try await trimByAge()
        try await trimByBudget()
    }

    private func trimByAge() async throws {
        let (now, settings) = (now, settings)
        try await repeating { connection in
            try connection.execute(
                """
                DELETE FROM request_metrics WHERE id IN
                    (SELECT id FROM request_metrics WHERE recorded_at < ? ORDER BY id LIMIT ?)
                """, .time(now.addingTimeInterval(-settings.rows)), .number(RetentionSettings.batch))
        }
        try await dropMinutes(
            before: now.addingTimeInterval(-max(settings.minutes, RetentionSettings.leastMinutes)).storedSeconds)
        let hoursBefore = now.addingTimeInterval(-settings.hours)
        try await database.write { connection in
            for table in ["pitwall_rollups", "pitwall_totals"] {
                try connection.execute(
                    "DELETE FROM \(table) WHERE span = 3600 AND start < ?", .number(hoursBefore.storedSeconds))
            }
            try connection.execute(#"DELETE FROM pitwall_marks WHERE "at" < ?"#, .time(hoursBefore))
            try connection.execute(
                "DELETE FROM pitwall_instances WHERE last_seen < ?", .number(hoursBefore.storedSeconds))
        }
    }

    /// Lets minutes go whose hours are settled: from then on no reader counts them.
    private func dropMinutes(before end: Int) async throws {
        let now = now
        try await database.write { connection in
            _ = try HourSettlement.settle(connection, now: now)
            let unsettled = try connection.query("SELECT min(hour) FROM pitwall_unsettled").first?.integer(0) ?? .max
            let floor = min(end - end % 3600, unsettled)
            guard try floor > connection.minuteFloor() else { return }
            try connection.setState("minute_floor", to: floor)
            for table in ["pitwall_rollups", "pitwall_totals"] {
                try connection.execute("DELETE FROM \(table) WHERE span = 60 AND start < ?", .number(floor))
            }
        }
    }

    private func trimByBudget() async throws {
        guard let budget = settings.budget else { return }
        let limit = max(budget, RetentionSettings.leastBudget)
        for _ in 0..<RetentionSettings.steps {
            guard try await usedBytes() > limit else { return }
            let deleted = try await database.write { connection in
                try connection.execute(
                    """
                    DELETE FROM request_metrics WHERE id IN (SELECT id FROM request_metrics ORDER BY id LIMIT ?)
                        AND id <= (SELECT id FROM request_metrics ORDER BY id DESC LIMIT 1 OFFSET ?)
                    """, .number(RetentionSettings.batch), .number(RetentionSettings.leastRows))
            }
            guard deleted == 0 else { continue }
            guard let oldest = try await oldestMinute() else { return }
            let next = oldest - oldest % 3600 + 3600
            guard next <= now.addingTimeInterval(-RetentionSettings.leastMinutes).storedSeconds else { return }
            try await dropMinutes(before: next)
            guard try await oldestMinute().map({ $0 >= next }) ?? true else { return }
        }
    }

    /// What is used of the file; deleted rows count until a checkpoint lets their blocks be used again.
    private func usedBytes() async throws -> Int {
        try await database.writeWithoutTransaction { connection in
            // Refused while somebody reads: then what was deleted counts until the next time.
            _ = try? connection.execute("CHECKPOINT")
            let size = try connection.query("SELECT block_size, used_blocks FROM pragma_database_size()").first
            return (size?.integer(0) ?? 0) * (size?.integer(1) ?? 0)
        }
    }

    private func oldestMinute() async throws -> Int? {
        try await database.read {
            try $0.query("SELECT min(start) FROM pitwall_totals WHERE span = 60").first?.integer(0)
        }
    }

    private func repeating(_ step: @escaping @Sendable (DuckDBConnection) throws -> Int) async throws {
        for _ in 0..<RetentionSettings.steps {
            guard try await database.write(step) > 0 else { return }
        }
    }
}
