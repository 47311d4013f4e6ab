/// How a pool behaves.
///
/// Each setting has an environment variable, named with it; see ``init(reader:)``.
public struct PostgresPoolConfiguration: Sendable {
    /// Where to connect, a URL or libpq's keywords and values (`DATABASE_URL`). What it leaves open comes from libpq's
    /// own variables (`PGHOST`, …), service files and password file. May name several hosts and
    /// `target_session_attrs`.
    public var connectionString: String

    /// How many connections are kept open at least (`DB_POOL_MIN`). Default 2: the first request after a pause does
    /// not wait for a connect, nor does the second at the same time. Zero or more.
    public var minimumConnections = 2

    /// How many connections there are at most (`DB_POOL_MAX`). Default 10: more than a database on 4 cores can run at
    /// once, so that a few waiting for disks or locks do not idle the others, and little enough for nine instances to
    /// share the 100 connections of a server with default settings. One or more, not less than the minimum.
    public var maximumConnections = 10

    /// How long one attempt to connect may take, name resolution, TLS and login included (`DB_CONNECT_TIMEOUT`).
    /// Default 10 s. More than zero.
    public var connectTimeout: Duration = .seconds(10)

    /// The server's `statement_timeout` on every connection (`DB_STATEMENT_TIMEOUT`), in Postgres' syntax: `30s`,
    /// `1500ms`, `2min`; a bare number is milliseconds. Default `30s`. `0` means none; less than a millisecond is
    /// refused. Passed in the start-up message. A server that owes an answer for this time and ``connectTimeout`` has
    /// stopped: its connection is closed and whoever waits gets ``PostgresError/noAnswer(within:statementTimeout:)``,
    /// except after statements that name `statement_timeout`.
    public var statementTimeout = "30s"

    /// How long a caller waits for a connection, connecting included (`DB_ACQUIRE_TIMEOUT`). Default 5 s: after that
    /// a web request has lost its reader. More than zero.
    public var acquireTimeout: Duration = .seconds(5)

    /// After how long unused connections above the minimum are closed (`DB_IDLE_TIMEOUT`). Default 5 min.
    public var idleTimeout: Duration = .seconds(300)

    /// After how long a connection is replaced (`DB_MAX_LIFETIME`), less up to a tenth by chance, so that connections
    /// made together do not end together. Default 30 min.
    public var maximumLifetime: Duration = .seconds(1800)

    /// After how long without a sign of life an idle connection is asked for one (`DB_KEEPALIVE`). Default 30 s; the
    /// answer is waited for as long as ``connectTimeout`` at most.
    public var keepAlive: Duration = .seconds(30)

    /// From when on a connection that is held is reported with the file and line that took it (`DB_HOLD_THRESHOLD`); one
    /// that statements share, when it has answered none of them for as long. Default 30 s.
    public var holdThreshold: Duration = .seconds(30)

    /// How long the server has to stop what a borrower left running and to make the connection clean; after that it
    /// is closed. Default 5 s.
    public var cleanTimeout: Duration = .seconds(5)

    /// How long borrowers may go on at shut-down (`DB_DRAIN_TIMEOUT`). Default 10 s.
    public var drainTimeout: Duration = .seconds(10)

    /// How many statements each connection keeps prepared (`DB_STATEMENT_CACHE`). Default 100. Zero behind a pooler in
    /// transaction mode that does not follow prepared statements; the pool sets it so itself when it finds one.
    public var statementCacheCapacity = 100

    /// How many statements of ``PostgresPool/query(_:file:line:)`` may be on the way on one connection at once. Default
    /// 64; 1 gives each statement a connection of its own.
    public var statementsPerConnection = 64

    /// Whether statements of ``PostgresPool/query(_:file:line:)`` that only read, by their text, may share an implicit
    /// transaction while others are on the way: several times the throughput, and `now()` is the same for all of them.
    /// When one of them fails, all are sent again, each by itself, so that a function which changes something outside the
    /// database may do so twice. Default true.
    public var readsShareTransactions = true

    /// Whether each connection is reset (`DISCARD ALL`) whenever it comes back, not only after statements that may
    /// have changed the session (`DB_RESET_ALWAYS`). What functions and triggers leave is found out from their source;
    /// what views, operators, casts, defaults and policies call is not. Costs a round trip each time, and no two
    /// statements share a connection. Default false.
    public var resetsAlways = false

    /// Whether plain queries may share a connection.
    var sharesConnections: Bool { statementsPerConnection > 1 && !resetsAlways }

    /// What the server shows in `pg_stat_activity`, unless the connection string says otherwise.
    public var applicationName = "pitwall"

    /// A pool with default settings.
    public init(connectionString: String) {
        self.connectionString = connectionString
    }

    /// How long a server may owe an answer: when the statement timeout is over it owes one at once, as it does to a
    /// keep-alive, and so has as long for it. Nil when there is no statement timeout.
    var silenceLimit: SilenceLimit? {
        guard let timeout = PostgresDuration.parse(statementTimeout, unit: 1e6), timeout > .zero else { return nil }
        return SilenceLimit(statementTimeout: timeout, grace: connectTimeout)
    }

    /// The settings as the machine uses them.
    var limits: PoolLimits {
        var limits = PoolLimits()
        limits.minimum = minimumConnections
        limits.maximum = maximumConnections
        limits.acquireTimeout = acquireTimeout.nanoseconds
        limits.idleTimeout = idleTimeout.nanoseconds
        limits.maximumLifetime = maximumLifetime.nanoseconds
        limits.keepAlive = keepAlive.nanoseconds
        limits.holdThreshold = holdThreshold.nanoseconds
        limits.silence = silenceLimit?.total.nanoseconds
        limits.sharing = statementsPerConnection
        limits.exhaustionDelay = min(limits.exhaustionDelay, acquireTimeout.nanoseconds / 2)
        return limits
    }

    /// Finds the first setting that cannot be used.
    ///
    /// - Throws: ``ConfigurationError``.
    public func validate() throws(ConfigurationError) {
        func check(_ isAllowed: Bool, _ variable: String, _ value: some Any, _ allowed: String)
            throws(ConfigurationError)
        {
            if !isAllowed { throw ConfigurationError(variable: variable, value: "\(value)", allowed: allowed) }
        }
        func check(_ range: ClosedRange<Int>, _ variable: String, _ value: Int) throws(ConfigurationError) {
            try check(range.contains(value), variable, value, Self.allowed(range))
        }
        try check(Self.allowedMinimum, "DB_POOL_MIN", minimumConnections)
        try check(Self.allowedMaximum, "DB_POOL_MAX", maximumConnections)
        try check(
            minimumConnections <= maximumConnections, "DB_POOL_MIN", minimumConnections,
            "at most DB_POOL_MAX, which is \(maximumConnections)"
        )
        let durations: [(String, Duration)] = [
            ("DB_CONNECT_TIMEOUT", connectTimeout), ("DB_ACQUIRE_TIMEOUT", acquireTimeout),
            ("DB_IDLE_TIMEOUT", idleTimeout), ("DB_MAX_LIFETIME", maximumLifetime), ("DB_KEEPALIVE", keepAlive),
            ("DB_HOLD_THRESHOLD", holdThreshold), ("DB_DRAIN_TIMEOUT", drainTimeout),
        ]
        for (variable, duration) in durations {
            try check(duration > .zero, variable, duration.inSeconds, Self.allowedDuration)
        }
        try check(
            Self.isAllowedTimeout(statementTimeout), "DB_STATEMENT_TIMEOUT", statementTimeout,
            Self.allowedTimeout
        )
        try check(Self.allowedCache, "DB_STATEMENT_CACHE", statementCacheCapacity)
        _ = try ConnectParameters(connectionString: connectionString)
    }

    /// The server counts in milliseconds and would make none of less than one: no limit at all.
    private static func isAllowedTimeout(_ text: String) -> Bool {
        PostgresDuration.parse(text, unit: 1e6).map { $0 == .zero || $0 >= .milliseconds(1) } ?? false
    }

    static let allowedMinimum = 0...10_000
    static let allowedMaximum = 1...10_000
    static let allowedCache = 0...100_000
    static func allowed(_ range: ClosedRange<Int>) -> String {
        "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }

    static let allowedDuration =
        "more than 0 and at most 24d: seconds, or a number with us, ms, s, min, h or d, such as 500ms"
    static let allowedTimeout =
        "0 for none, or 1ms to 24d: milliseconds, or a number with us, ms, s, min, h or d, such as 30s"
}

extension PostgresPoolConfiguration {
    /// Host, port and database as far as the connection string names them, for messages: never the password.
    public var databaseName: String {
        guard let values = try? ConnectParameters(connectionString: connectionString).values else { return "postgres" }
        let hosts = (values["host"] ?? values["hostaddr"] ?? "localhost").split(separator: ",")
        // One port for all hosts, or one for each.
        let ports = (values["port"] ?? "5432").split(separator: ",", omittingEmptySubsequences: false)
        let places = hosts.enumerated().map { index, host in
            let port = ports.count == hosts.count ? ports[index] : ports[0]
            // An address of IPv6 as in a URL.
            let name = host.contains(":") && !host.hasPrefix("/") ? "[\(host)]" : "\(host)"
            return "\(name):\(port.isEmpty ? "5432" : port)"
        }
        return "\(places.joined(separator: ","))/\(values["dbname"] ?? values["user"] ?? "")"
    }
}
