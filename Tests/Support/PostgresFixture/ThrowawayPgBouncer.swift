import Foundation

/// A PgBouncer of the test's own in front of a server, in transaction mode.
public final class ThrowawayPgBouncer: Sendable {
    /// Where to connect.
    public let port: Int
    /// The connection string through the pooler.
    public var url: String { "postgres://postgres@127.0.0.1:\(port)/postgres" }
    private let folder: String

    /// Runs the body with a pooler in front of the server.
    ///
    /// - Parameter settings: more lines for the section `[pgbouncer]`.
    public static func with<Result: Sendable>(
        server: Int, settings: [String] = [], _ body: @Sendable (ThrowawayPgBouncer) async throws -> Result
    ) async throws -> Result {
        let pooler = try ThrowawayPgBouncer()
        try await pooler.start(server: server, settings: settings)
        do {
            let result = try await body(pooler)
            await pooler.stop()
            return result
        } catch {
            await pooler.stop()
            throw error
        }
    }

    private init() throws {
        port = try freePort()
        folder = NSTemporaryDirectory() + "/pitwall-pgbouncer-\(getpid())-\(port)"
    }

    private func start(server: Int, settings: [String]) async throws {
        let lines =
            [
                "[databases]", "* = host=127.0.0.1 port=\(server)", "[pgbouncer]", "listen_addr = 127.0.0.1",
                "listen_port = \(port)", "unix_socket_dir =", "auth_type = trust", "auth_file = \(folder)/users",
                "pool_mode = transaction",
                "logfile = \(folder)/log", "pidfile = \(folder)/pid", "server_login_retry = 1",
            ] + settings
        let user = getuid() == 0 ? "runuser -u nobody -- " : ""
        try await shell("mkdir -p '\(folder)' && chmod 777 '\(folder)'")
        try await shell("cat > '\(folder)/ini' <<'END'\n\(lines.joined(separator: "\n"))\nEND")
        try await shell("echo '\"postgres\" \"\"' > '\(folder)/users'")
        // Ends with this process, however that ends.
        try await shell(
            """
            (setsid sh -c 'while kill -0 \(getpid()) 2>/dev/null && [ -d "\(folder)" ]; do sleep 1; done
            kill -QUIT "$(cat "\(folder)/pid")"; rm -rf "\(folder)"' </dev/null >/dev/null 2>&1 &)
            \(user)env PATH="$PATH:/usr/sbin" pgbouncer -d '\(folder)/ini'
            for i in $(seq 1 100); do pg_isready -q -h 127.0.0.1 -p \(port) && exit 0; sleep 0.05; done; exit 1
            """
        )
    }

    private func stop() async {
        _ = try? await shell("kill -QUIT \"$(cat '\(folder)/pid')\"; rm -rf '\(folder)'")
    }
}
