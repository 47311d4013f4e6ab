import Configuration
import Logging
import PermitsApp

/// What the environment says, under what the flags say.
enum Environment {
    /// The list for `--help`.
    static var help: String {
        ServeSettings.environment.map { name, meaning in
            name + String(repeating: " ", count: max(1, 24 - name.count)) + meaning
        }.joined(separator: "\n")
    }

    /// Reads flags first, then environment variables.
    static func reader(flags: [ConfigKey: String?] = [:]) -> ConfigReader {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, value) in flags {
            if let value { values[AbsoluteConfigKey(key)] = ConfigValue(.string(value), isSecret: false) }
        }
        return ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: values),
            EnvironmentVariablesProvider(
                secretsSpecifier: .specific(["ADMIN_TOKEN", "DATABASE_URL", "METRICS_TOKEN"])),
        ])
    }

    /// A logger to stderr at `LOG_LEVEL`, so that stdout stays for what was asked for.
    ///
    /// - Throws: `SettingError` when there is no such level.
    static func logger(label: String) throws(SettingError) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        guard let text = reader().string(forKey: "log.level"), !text.isEmpty else { return logger }
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            throw SettingError(
                setting: "LOG_LEVEL", value: text,
                allowed: Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))
        }
        logger.logLevel = level
        return logger
    }
}
