import CLibPQ
import Foundation

/// The keywords and values that libpq connects with. Holds the password, so it has no description.
struct ConnectParameters: Sendable {
    private(set) var values: [String: String]

    /// Parses a URL (`postgres://…`) or a string of keywords and values, as libpq does.
    ///
    /// - Throws: ``ConfigurationError`` with libpq's reason, without the string, which can hold a password.
    init(connectionString: String) throws(ConfigurationError) {
        guard !Self.isSplitInsidePassword(connectionString) else {
            throw ConfigurationError(
                variable: "DATABASE_URL", value: "(hidden)",
                allowed: "postgres://user:password@host:port/database, with %-escapes in user and password: "
                    + "@ is %40, / is %2F"
            )
        }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(connectionString, &message) else {
            let reason = message.map { String(cString: $0).trimmingNewlines } ?? "out of memory"
            if let message { PQfreemem(message) }
            // libpq quotes the part that it could not read, which is the password when that holds a stray character. The
            // name of a parameter is none where the user and password have ended before.
            let isParameter =
                reason.hasPrefix("invalid URI query parameter") && Self.hasParametersOnlyAtItsEnd(connectionString)
            let isSafe = isParameter || !(reason.contains("password") || connectionString.contains("@"))
            let safe = isSafe ? reason : "libpq cannot read it"
            throw ConfigurationError(
                variable: "DATABASE_URL", value: "(hidden)",
                allowed: "postgres://user:password@host:port/database, with %-escapes in user and password; \(safe)"
            )
        }
        defer { PQconninfoFree(options) }
        values = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
    }

    /// Whether an `@` or `/` of a URL belongs to the password: libpq would take what comes after it for host, port and
    /// database, and these stand in messages.
    private static func isSplitInsidePassword(_ text: String) -> Bool {
        guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://"),
            let scheme = text.firstRange(of: "://")
        else { return false }
        let place = text[scheme.upperBound...].prefix { $0 != "?" }
        let ats = place.count { $0 == "@" }
        return ats > 1 || ats == 1 && !place.prefix { $0 != "/" }.contains("@")
    }

    /// Whether the first `?` of a URL comes after its user and password, so that it is no part of them.
    private static func hasParametersOnlyAtItsEnd(_ text: String) -> Bool {
        guard let question = text.firstIndex(of: "?") else { return false }
        return !text[question...].contains("@")
    }

    /// Adds what every connection of the pool has, where the user has not chosen otherwise.
    ///
    /// A dead peer is found by the kernel in about 15 + 3 × 5 seconds, and unacknowledged data is given up after 30.
    mutating func addDefaults(applicationName: String) {
        let defaults = [
            "fallback_application_name": applicationName, "client_encoding": "UTF8", "keepalives_idle": "15",
            "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "30000",
        ]
        values.merge(defaults) { chosen, _ in chosen }
    }

    /// The same with one more setting passed in the start-up message: it costs no round trip.
    func settingAtStart(_ name: String, to value: String) -> ConnectParameters {
        var copy = self
        let chosen = values["options"] ?? ProcessInfo.processInfo.environment["PGOPTIONS"] ?? ""
        // A space ends the argument; no setting made here has a space that means anything ("30 s").
        let argument = "-c \(name)=\(value.filter { !$0.isWhitespace })"
        copy.values["options"] = "\(chosen) \(argument)".trimmingCharacters(in: .whitespaces)
        return copy
    }

    /// Starts to connect. Blocks while names are resolved.
    func start() -> OpaquePointer? {
        let pairs = Array(values)
        let keywords = pairs.map { strdup($0.key) }
        let contents = pairs.map { strdup($0.value) }
        defer { for string in keywords + contents { free(string) } }
        let keywordList = keywords.map { UnsafePointer($0) } + [nil]
        let contentList = contents.map { UnsafePointer($0) } + [nil]
        return PQconnectStartParams(keywordList, contentList, 0)
    }
}
