public import Configuration

extension PostgresPoolConfiguration {
    /// Reads the settings, from the environment or wherever the reader looks.
    ///
    /// ```swift
    /// let reader = ConfigReader(provider: EnvironmentVariablesProvider())
    /// let configuration = try PostgresPoolConfiguration(reader: reader)
    /// ```
    /// | Variable | Allowed | Default |
    /// |---|---|---|
    /// | `DATABASE_URL` | URL or keywords and values | libpq's own variables |
    /// | `DB_POOL_MIN` | 0 to 10000, not more than the maximum | 2, or the maximum if that is less |
    /// | `DB_POOL_MAX` | 1 to 10000 | 10 |
    /// | `DB_CONNECT_TIMEOUT` | duration | 10 s |
    /// | `DB_STATEMENT_TIMEOUT` | Postgres' syntax | `30s` |
    /// | `DB_ACQUIRE_TIMEOUT` | duration | 5 s |
    /// | `DB_IDLE_TIMEOUT` | duration | 5 min |
    /// | `DB_MAX_LIFETIME` | duration | 30 min |
    /// | `DB_KEEPALIVE` | duration | 30 s |
    /// | `DB_HOLD_THRESHOLD` | duration | 30 s |
    /// | `DB_DRAIN_TIMEOUT` | duration | 10 s |
    /// | `DB_STATEMENT_CACHE` | 0 to 100000 | 100 |
    /// | `DB_RESET_ALWAYS` | true or false | false |
    ///
    /// A duration is seconds, or a number with `us`, `ms`, `s`, `min`, `h` or `d`.
    /// - Throws: ``ConfigurationError`` for the first setting that cannot be used.
    public init(reader: ConfigReader) throws(ConfigurationError) {
        try self.init(
            connectionString: reader.string(forKey: "database.url", isSecret: true) ?? "", reader: reader)
    }

    /// The same for a server that is known already.
    ///
    /// - Throws: ``ConfigurationError`` for the first setting that cannot be used.
    public init(connectionString: String, reader: ConfigReader) throws(ConfigurationError) {
        self.init(connectionString: connectionString)
        try Self.read(reader, "db.pool.min", "DB_POOL_MIN", Self.allowedMinimum, into: &minimumConnections)
        try Self.read(reader, "db.pool.max", "DB_POOL_MAX", Self.allowedMaximum, into: &maximumConnections)
        // A maximum of one is no contradiction of a minimum that nobody has asked for.
        if reader.string(forKey: "db.pool.min") == nil {
            minimumConnections = max(0, min(minimumConnections, maximumConnections))
        }
        try Self.read(
            reader, "db.statement.cache", "DB_STATEMENT_CACHE", Self.allowedCache, into: &statementCacheCapacity)
        try Self.read(reader, "db.connect.timeout", "DB_CONNECT_TIMEOUT", into: &connectTimeout)
        try Self.read(reader, "db.acquire.timeout", "DB_ACQUIRE_TIMEOUT", into: &acquireTimeout)
        try Self.read(reader, "db.idle.timeout", "DB_IDLE_TIMEOUT", into: &idleTimeout)
        try Self.read(reader, "db.max.lifetime", "DB_MAX_LIFETIME", into: &maximumLifetime)
        try Self.read(reader, "db.keepalive", "DB_KEEPALIVE", into: &keepAlive)
        try Self.read(reader, "db.hold.threshold", "DB_HOLD_THRESHOLD", into: &holdThreshold)
        try Self.read(reader, "db.drain.timeout", "DB_DRAIN_TIMEOUT", into: &drainTimeout)
        if let text = reader.string(forKey: "db.reset.always") {
            guard let value = Bool(text.lowercased()) else {
                throw ConfigurationError(variable: "DB_RESET_ALWAYS", value: text, allowed: "true or false")
            }
            resetsAlways = value
        }
        if let timeout = reader.string(forKey: "db.statement.timeout") { statementTimeout = timeout }
        try validate()
    }

    private static func read(
        _ reader: ConfigReader, _ key: ConfigKey, _ variable: String, _ range: ClosedRange<Int>,
        into setting: inout Int
    ) throws(ConfigurationError) {
        guard let text = reader.string(forKey: key) else { return }
        guard let number = Int(text) else {
            throw ConfigurationError(variable: variable, value: text, allowed: allowed(range))
        }
        setting = number
    }

    private static func read(
        _ reader: ConfigReader, _ key: ConfigKey, _ variable: String, into setting: inout Duration
    ) throws(ConfigurationError) {
        guard let text = reader.string(forKey: key) else { return }
        guard let duration = PostgresDuration.parse(text, unit: 1e9), duration > .zero else {
            throw ConfigurationError(variable: variable, value: text, allowed: allowedDuration)
        }
        setting = duration
    }
}
