package import Configuration
import Foundation
package import MetricsStores
package import PerfDashboard
import RequestMetrics

/// What `pitwall serve` can be told, by flags or by the environment.
package struct ServeSettings: Sendable {
    package var host: String
    /// 0 takes any free port.
    package var port: Int
    package var database: DatabaseURL
    /// Opens the dashboard; without it the dashboard stays closed.
    package var adminToken: AdminToken?
    /// Opens `/metrics` alone, for a scraper that should not see more.
    package var metricsToken: AdminToken?
    /// Written as a mark when the service starts.
    package var release: String?
    /// Bytes that metrics may take in the database.
    package var keep: Int
    /// Requests slower than this are always kept as rows, in milliseconds.
    package var slowMilliseconds: Double
    /// The share of other requests kept as rows, 0 through 1.
    package var sampleRate: Double
    /// Seconds between two drains.
    package var drainSeconds: Double
    /// Whether demo traffic runs.
    package var traffic: Bool
    /// Where all this was read: the pool of connections reads its own settings there.
    let config: ConfigReader

    /// The environment variables that are read, with what each means: the one list that `--help` shows.
    package static let environment: [(name: String, meaning: String)] = [
        ("HOST", "address to listen on (127.0.0.1)"),
        ("PORT", "port to listen on, 0 for any free one (8080)"),
        ("DATABASE_URL", "sqlite:FILE or postgres://user:password@host:port/database (sqlite:.pitwall/demo.sqlite)"),
        ("DB_POOL_MIN", "connections kept open, with Postgres (2)"),
        ("DB_POOL_MAX", "connections there may be, with Postgres (10)"),
        ("DB_ACQUIRE_TIMEOUT", "how long a request waits for a connection (5s)"),
        ("DB_STATEMENT_TIMEOUT", "how long a statement may run, in Postgres' units (30s)"),
        ("ADMIN_TOKEN", "opens /admin/perf and /metrics; 16 characters at least; without it they stay closed"),
        ("METRICS_TOKEN", "opens /metrics alone, for a scraper; 16 characters at least"),
        ("PITWALL_RELEASE", "name of this release, marked on every chart"),
        (
            "PITWALL_KEEP",
            "bytes the metrics may take in the database before old ones go, such as 50MB (\(ByteSize.text(RetentionSettings.defaultBudget)))"
        ),
        ("PITWALL_SLOW_MS", "requests slower than this are kept as examples, in milliseconds (200)"),
        ("PITWALL_SAMPLE_RATE", "share of all other requests kept as examples, 0 to 1 (0.1)"),
        ("PITWALL_DRAIN_SECONDS", "seconds between two writes to the database, 0.1 to 60 (10)"),
        ("LOG_LEVEL", "trace, debug, info, notice, warning, error or critical (info)"),
    ]

    /// Reads every setting.
    ///
    /// - Parameter config: flags first, then the environment.
    /// - Throws: ``SettingError`` or `DatabaseURLError` for the first one that cannot be used.
    package init(_ config: ConfigReader) throws {
        host = config.string(forKey: "host", default: "127.0.0.1")
        port = try Self.number(config, "port", "--port or PORT", default: 8_080, 0...65_535, unit: "a port")
        database = try DatabaseURL(config.string(forKey: "database.url", default: "sqlite:.pitwall/demo.sqlite"))
        adminToken = try Self.token(config, "admin.token", "ADMIN_TOKEN")
        metricsToken = try Self.token(config, "metrics.token", "METRICS_TOKEN")
        release = config.string(forKey: "pitwall.release").flatMap { $0.isEmpty ? nil : $0 }
        keep = try ByteSize.read(config, default: RetentionSettings.defaultBudget)
        slowMilliseconds = try Self.number(
            config, "pitwall.slow.ms", "PITWALL_SLOW_MS", default: 200, 0...3_600_000, unit: "milliseconds")
        sampleRate = try Self.number(
            config, "pitwall.sample.rate", "PITWALL_SAMPLE_RATE", default: 0.1, 0...1, unit: "a share")
        drainSeconds = try Self.number(
            config, "pitwall.drain.seconds", "PITWALL_DRAIN_SECONDS", default: 10, 0.1...60, unit: "seconds")
        traffic = config.string(forKey: "traffic") == "true"
        self.config = config
    }

    private static func number<Number: LosslessStringConvertible & Comparable>(
        _ config: ConfigReader, _ key: ConfigKey, _ setting: String, default fallback: Number,
        _ range: ClosedRange<Number>, unit: String
    ) throws(SettingError) -> Number {
        guard let text = config.string(forKey: key), !text.isEmpty else { return fallback }
        guard let number = Number(text), range.contains(number) else {
            throw SettingError(
                setting: setting, value: text, allowed: "\(unit) from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func token(
        _ config: ConfigReader, _ key: ConfigKey, _ setting: String
    ) throws(SettingError) -> AdminToken? {
        guard let text = config.string(forKey: key, isSecret: true), !text.isEmpty else { return nil }
        do {
            return try AdminToken(text)
        } catch {
            throw SettingError(setting: setting, value: nil, allowed: "16 or more visible ASCII characters")
        }
    }
}

extension RetentionSettings {
    /// What a store may take when nobody says.
    static var defaultBudget: Int { RetentionSettings().budget ?? 0 }
}
