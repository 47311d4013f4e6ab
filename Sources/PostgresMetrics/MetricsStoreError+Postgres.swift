import PostgresPool
import RequestMetrics

extension MetricsStoreError {
    /// What a failure of the pool or the server means for a store.
    init(_ error: PostgresError, database: String) {
        switch error {
        case .server(let failure, _):
            let (code, mend) = Self.meaning(of: failure.sqlState)
            self.init(code, value: database, reason: failure.description, mend: mend)
        case .acquireTimeout(let exhaustion) where exhaustion.inUse == 0,
            .unavailable(let exhaustion):
            let failure = exhaustion.connectFailure
            let (reason, mend) = Self.meaning(of: failure?.cause ?? .port)
            self.init(
                .unavailable, value: database, reason: failure.map { "\(reason): \($0)" } ?? reason, mend: mend)
        case .acquireTimeout, .connectionLost, .noAnswer, .shutDown:
            self.init(
                .unavailable, value: database, reason: error.description,
                mend: "What waits is written once the database answers again."
            )
        case .connectionReturned, .connectionBusy, .misuse:
            self.init(.other, value: database, reason: error.description, mend: "Please report it.")
        }
    }

    private static func meaning(of cause: ConnectFailure.Cause) -> (reason: String, mend: String) {
        switch cause {
        case .host: ("the host is not known", "Check the host in the database URL.")
        case .port: ("nobody answers there", "Check that the server runs, and host and port in the database URL.")
        case .user: ("user or password is refused", "Check user and password in the database URL.")
        case .database: ("there is no such database", "Create it, or check its name in the database URL.")
        case .tooManyConnections:
            ("the server takes no more connections", "Lower DB_POOL_MAX of its clients, or raise its max_connections.")
        case .setting: ("it cannot be connected to", "Mend that in the database URL.")
        case .noPostgres: ("what answers there is no Postgres server", "Check host and port in the database URL.")
        case .encryption:
            ("no secure connection can be made", "Check sslmode and the certificates, here and at the server.")
        case .role:
            ("no server there has the role that is asked for", "Check target_session_attrs in the database URL.")
        case .other: ("it cannot be connected to", "See the server's log.")
        }
    }

    private static func meaning(of sqlState: String) -> (Code, String) {
        switch sqlState {
        case "25006": (.readOnly, "Connect to the primary: add target_session_attrs=read-write to DATABASE_URL.")
        case "42501": (.readOnly, "Grant the user CREATE on the schema and INSERT, UPDATE, DELETE on its tables.")
        case "53100": (.full, "Make room on the server's disk.")
        case "42P01", "42703": (.schema, "Run the migration.")
        case "XX001", "XX002": (.corrupt, "Restore the database from a backup.")
        case "55P03", "57014": (.locked, "Another session holds a lock for long: see pg_locks.")
        case let state where state.hasPrefix("57P") || state.hasPrefix("08"):
            (.unavailable, "Wait for the server, it is starting or stopping.")
        default: (.other, "See the server's log.")
        }
    }
}
