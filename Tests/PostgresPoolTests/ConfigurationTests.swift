import Configuration
import Testing

@testable import PostgresPool

@Suite(.timeLimit(.minutes(10))) struct ConfigurationTests {
    private func read(_ environment: [String: String]) throws -> PostgresPoolConfiguration {
        try PostgresPoolConfiguration(
            reader: ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment))
        )
    }

    @Test func hasTheDocumentedDefaults() throws {
        let configuration = try read([:])
        #expect(configuration.minimumConnections == 2)
        #expect(configuration.maximumConnections == 10)
        #expect(configuration.connectTimeout == .seconds(10))
        #expect(configuration.statementTimeout == "30s")
        #expect(configuration.acquireTimeout == .seconds(5))
    }

    @Test func readsTheEnvironment() throws {
        let configuration = try read([
            "DATABASE_URL": "postgres://me@db/permits", "DB_POOL_MIN": "3", "DB_POOL_MAX": "7",
            "DB_CONNECT_TIMEOUT": "2", "DB_STATEMENT_TIMEOUT": "1min", "DB_ACQUIRE_TIMEOUT": "250ms",
            "DB_IDLE_TIMEOUT": "1h", "DB_MAX_LIFETIME": "2 h", "DB_KEEPALIVE": "15s", "DB_HOLD_THRESHOLD": "5",
            "DB_DRAIN_TIMEOUT": "3", "DB_STATEMENT_CACHE": "0",
        ])
        #expect(configuration.connectionString == "postgres://me@db/permits")
        #expect(configuration.minimumConnections == 3)
        #expect(configuration.maximumConnections == 7)
        #expect(configuration.connectTimeout == .seconds(2))
        #expect(configuration.statementTimeout == "1min")
        #expect(configuration.acquireTimeout == .milliseconds(250))
        #expect(configuration.idleTimeout == .seconds(3600))
        #expect(configuration.maximumLifetime == .seconds(7200))
        #expect(configuration.keepAlive == .seconds(15))
        #expect(configuration.holdThreshold == .seconds(5))
        #expect(configuration.drainTimeout == .seconds(3))
        #expect(configuration.statementCacheCapacity == 0)
    }

    @Test(arguments: [
        ("DB_POOL_MIN", "20", "DB_POOL_MIN=20: at most DB_POOL_MAX, which is 10"),
        ("DB_POOL_MIN", "-1", "DB_POOL_MIN=-1: a whole number from 0 to 10000"),
        ("DB_POOL_MIN", "abc", "DB_POOL_MIN=abc: a whole number from 0 to 10000"),
        ("DB_POOL_MAX", "0", "DB_POOL_MAX=0: a whole number from 1 to 10000"),
        (
            "DB_POOL_MAX", "9999999999999999999",
            "DB_POOL_MAX=9999999999999999999: a whole number from 1 to 10000"
        ),
        ("DB_POOL_MAX", "20000", "DB_POOL_MAX=20000: a whole number from 1 to 10000"),
        ("DB_STATEMENT_CACHE", "-1", "DB_STATEMENT_CACHE=-1: a whole number from 0 to 100000"),
        (
            "DB_CONNECT_TIMEOUT", "0",
            "DB_CONNECT_TIMEOUT=0: more than 0 and at most 24d: seconds, or a number with us, ms, s, min, h or d, such as 500ms"
        ),
        (
            "DB_ACQUIRE_TIMEOUT", "-5",
            "DB_ACQUIRE_TIMEOUT=-5: more than 0 and at most 24d: seconds, or a number with us, ms, s, min, h or d, such as 500ms"
        ),
        (
            "DB_STATEMENT_TIMEOUT", "30 parsecs",
            "DB_STATEMENT_TIMEOUT=30 parsecs: 0 for none, or 1ms to 24d: milliseconds, or a number with us, ms, s, min, h or d, such as 30s"
        ),
        (
            "DB_STATEMENT_TIMEOUT", "1s -c role=other",
            "DB_STATEMENT_TIMEOUT=1s -c role=other: 0 for none, or 1ms to 24d: milliseconds, or a number with us, ms, s, min, h or d, such as 30s"
        ),
        (
            "DB_STATEMENT_TIMEOUT", "400us",
            "DB_STATEMENT_TIMEOUT=400us: 0 for none, or 1ms to 24d: milliseconds, or a number with us, ms, s, min, h or d, such as 30s"
        ),
        (
            "DB_MAX_LIFETIME", "30d",
            "DB_MAX_LIFETIME=30d: more than 0 and at most 24d: seconds, or a number with us, ms, s, min, h or d, such as 500ms"
        ),
        (
            "DB_STATEMENT_TIMEOUT", "60d",
            "DB_STATEMENT_TIMEOUT=60d: 0 for none, or 1ms to 24d: milliseconds, or a number with us, ms, s, min, h or d, such as 30s"
        ),
    ])
    func namesTheVariableTheValueAndWhatIsAllowed(variable: String, value: String, message: String) {
        #expect {
            try read([variable: value])
        } throws: {
            "\($0)" == message
        }
    }

    @Test func aBadConnectionStringDoesNotShowItsPassword() {
        #expect {
            try read(["DATABASE_URL": "postgres://me:sec%ret@host:port/db"])
        } throws: { error in
            let text = "\(error)"
            return text.hasPrefix("DATABASE_URL=(hidden): postgres://user:password@host:port/database")
                && !text.contains("sec") && !text.contains("ret@")
        }
    }

    @Test func aMaximumBelowTheUsualMinimumIsNoContradiction() throws {
        #expect(try read(["DATABASE_URL": "postgres://db/permits", "DB_POOL_MAX": "1"]).minimumConnections == 1)
        #expect {
            try read(["DATABASE_URL": "postgres://db/permits", "DB_POOL_MAX": "1", "DB_POOL_MIN": "2"])
        } throws: {
            "\($0)" == "DB_POOL_MIN=2: at most DB_POOL_MAX, which is 1"
        }
    }

    @Test(arguments: [
        ("postgres://me:secret@db/permits?sslmod=require", true), ("postgres://me:5?ret=1@db/permits%", false),
    ])
    func aParameterThatThereIsNotIsNamed(url: String, isNamed: Bool) {
        let error = #expect(throws: ConfigurationError.self) {
            try PostgresPoolConfiguration(connectionString: url).validate()
        }
        #expect(error?.description.contains(#"invalid URI query parameter: "sslmod""#) == isNamed)
        #expect(error?.description.contains("ret") == false)
    }

    @Test(arguments: [
        ("postgres://[::1]:5433/permits", "[::1]:5433/permits"), ("postgres://db/permits", "db:5432/permits"),
        ("postgres://a:1,b/permits", "a:1,b:5432/permits"), ("host=a,b port=3 dbname=x", "a:3,b:3/x"),
        ("host=/run/postgresql dbname=x", "/run/postgresql:5432/x"),
    ])
    func theDatabaseIsNamedAsInAnAddress(connectionString: String, name: String) {
        #expect(PostgresPoolConfiguration(connectionString: connectionString).databaseName == name)
    }

    /// A dead peer is the kernel's to find; what it is told is not visible from outside.
    @Test func setsWhatFindsADeadPeerUnlessTheUserDoes() throws {
        var usual = try ConnectParameters(connectionString: "postgres://db/permits")
        usual.addDefaults(applicationName: "permits")
        #expect(usual.values["tcp_user_timeout"] == "30000")
        #expect(usual.values["keepalives_idle"] == "15")
        var chosen = try ConnectParameters(connectionString: "postgres://db/permits?tcp_user_timeout=5000")
        chosen.addDefaults(applicationName: "permits")
        #expect(chosen.values["tcp_user_timeout"] == "5000")
    }

    /// libpq would take the end of such a password for host, port or database, which stand in messages.
    @Test(arguments: [
        "postgres://app:pa@ss:word@127.0.0.1:5432/permits", "postgres://app:pa@ss@127.0.0.1/permits",
        "postgresql://app:1234/word@127.0.0.1/permits", "postgres://app:pa/ss:word@127.0.0.1/permits",
    ])
    func refusesAPasswordThatIsNotEscaped(url: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try PostgresPoolConfiguration(connectionString: url).validate()
        }
        #expect(error?.description.contains("@ is %40, / is %2F") == true)
        #expect(error?.description.replacing("password", with: "").contains("word") == false)
        #expect(error?.value == "(hidden)")
    }

    @Test(arguments: [
        "postgres://app:pa%40ss%2Fword@127.0.0.1:5432/permits", "postgres:///permits?user=a@b", "postgres://a@/permits",
        "postgres://a@%2Frun%2Fpostgresql/permits", "postgres://127.0.0.1/permits", "user=a@b password=c/d@e",
    ])
    func takesPasswordsThatAreEscaped(url: String) throws {
        try PostgresPoolConfiguration(connectionString: url).validate()
    }

    @Test(arguments: [
        (#"invalid sslmode value: "sometimes""#, ConnectFailure.Cause.setting),
        (
            #"connection to server at "127.0.0.1", port 1 failed: received invalid response to SSL negotiation: H"#,
            .noPostgres
        ),
        (
            #"connection to server at "::1", port 1 failed: server does not support SSL, but SSL was required"#,
            .encryption
        ),
        (#"connection to server at "::1", port 1 failed: server is not in hot standby mode"#, .role),
        (#"connection to server on socket "/x/.s.PGSQL.5432" failed: No such file or directory"#, .port),
    ])
    func knowsWhyConnectingFailed(message: String, cause: ConnectFailure.Cause) {
        #expect(ConnectFailure(libpq: message).cause == cause)
        #expect(ConnectFailure(libpq: message).message == message)
    }

    /// What the server says comes in its language, the word for the severity too.
    @Test(arguments: [
        ("FATAL", #"role "a" does not exist"#, "28000", ConnectFailure.Cause.user),
        ("ВАЖНО", #"база данных "a" не существует"#, "3D000", .database),
        ("FATALE", "sono già presenti troppi client", "53300", .tooManyConnections),
    ])
    func knowsTheServersCodeInAnyLanguage(severity: String, text: String, code: String, cause: ConnectFailure.Cause) {
        let place = #"connection to server at "db", port 1 failed: "#
        let failure = ConnectFailure(
            libpq: "\(place)\(severity):  \(code): \(text); LOCATION:  InitPostgres, postinit.c:948")
        #expect(failure.sqlState == code)
        #expect(failure.cause == cause)
        #expect(failure.message == "\(place)\(severity): \(text)")
    }

    @Test func leavesOutWhatLibpqAsksAndGuesses() {
        let asks =
            "… failed: No such file or directory; Is the server running locally and accepting connections on that socket?"
        #expect(ConnectFailure(libpq: asks).message == "… failed: No such file or directory")
        let guesses =
            "… failed: server closed the connection unexpectedly; This probably means the server terminated abnormally; before or while processing the request."
        #expect(ConnectFailure(libpq: guesses).message == "… failed: server closed the connection unexpectedly")
    }

    @Test(arguments: [
        ("'30s'", nil), ("1500", 1500), ("1.5s", 1500), ("2min", 120_000), ("0", 0), ("", nil), ("s", nil),
    ])
    func readsDurationsAsPostgresDoes(text: String, milliseconds: Int?) {
        #expect(PostgresDuration.parse(text, unit: 1e6) == milliseconds.map { .milliseconds($0) })
    }
}
