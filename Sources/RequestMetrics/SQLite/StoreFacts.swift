import Foundation
import GRDB

/// Small questions to the file, each answered with what tables there are.
enum StoreFacts {
    static func marks(_ db: Database, in interval: Range<Date>) throws -> [ReleaseMark] {
        guard try db.tableExists("pitwall_marks") else { return [] }
        return try Row.fetchAll(
            db, sql: "SELECT at, name FROM pitwall_marks WHERE at >= ? AND at < ? ORDER BY at, id",
            arguments: [interval.lowerBound.timeIntervalSince1970, interval.upperBound.timeIntervalSince1970]
        ).compactMap { row in
            guard let name: String = row.stored(1), let at: Double = row.stored(0) else { return nil }
            return ReleaseMark(name: name, at: Date(timeIntervalSince1970: at))
        }
    }

    /// When counting began, as far back as it is kept; nil when nothing was ever counted.
    static func firstCounted(_ db: Database) throws -> Date? {
        guard try SQLiteSchema.missingTables(db).filter({ $0 != "request_metrics" }).isEmpty else { return nil }
        let starts = try [60, 3600].compactMap { span in
            try Int.fetchOne(db, sql: "SELECT MIN(start) FROM pitwall_totals WHERE span = ?", arguments: [span])
        }
        return starts.min().map(Date.init(storedSeconds:))
    }

    static func reach(_ db: Database) throws -> MetricsReach {
        var reach = MetricsReach()
        if try db.tableExists("pitwall_totals"), try db.tableExists("pitwall_state") {
            reach.minutes = try Int.fetchOne(
                db, sql: "SELECT MIN(start) FROM pitwall_totals WHERE span = 60 AND start >= ?",
                arguments: [minuteFloor(db)]
            ).map(Date.init(storedSeconds:))
            reach.hours = try Int.fetchOne(db, sql: "SELECT MIN(start) FROM pitwall_totals WHERE span = 3600")
                .map(Date.init(storedSeconds:))
        }
        if try db.tableExists("request_metrics") {
            // The first in order of arrival: the oldest but for a clock that was set back, and found at once.
            reach.rows = try Double.fetchOne(
                db, sql: "SELECT julianday(recorded_at, 'auto') FROM request_metrics ORDER BY id LIMIT 1"
            ).map { Date(timeIntervalSince1970: ($0 - 2_440_587.5) * 86400) }
        }
        return reach
    }

    /// What the last 24 complete hours wrote; less than 24 are scaled up.
    static func bytesPerDay(_ db: Database) throws -> Double? {
        guard try db.tableExists("pitwall_written") else { return nil }
        let hours = try Row.fetchAll(db, sql: "SELECT hour, bytes FROM pitwall_written ORDER BY hour DESC LIMIT 25")
        let complete = hours.dropFirst()
        guard let first: Int = complete.last?.stored(0), let last: Int = complete.first?.stored(0), first <= last else {
            return nil
        }
        let bytes = complete.reduce(0) { $0 &+ ($1.stored(1) ?? 0) }
        return Double(bytes) / Double((last - first) / 3600 + 1) * 24
    }

    /// The file and its write-ahead log.
    static func bytes(path: String) -> Int {
        [path, path + "-wal"].reduce(0) { sum, file in
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }
}
