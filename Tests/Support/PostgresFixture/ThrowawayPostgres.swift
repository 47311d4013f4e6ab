import Foundation
import Subprocess
import Synchronization

/// A PostgreSQL server of the test's own: a temporary folder, a free port on loopback, no durability.
///
/// Postgres refuses to run as root, so a test run by root starts it as the user `nobody`. It always stops: `stop()`
/// when the test ends, and when the test process crashes or is killed, a watchdog that follows the process ends the
/// server and removes the folder.
public final class ThrowawayPostgres: Sendable {
    /// The port on 127.0.0.1.
    public let port: Int
    /// The superuser's connection string.
    public var url: String { "postgres://postgres@127.0.0.1:\(port)/postgres" }
    /// The cluster's folder.
    public let folder: String
    /// The most megabytes that a file of the server's may have; nil for no limit.
    private let fileLimit: Int?

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - settings: more lines for `postgresql.conf`.
    ///   - fileLimit: the most megabytes that a file may have, 2 or more: a disk that is soon full, for whoever runs the
    ///     test. The server says what it says of a full disk, because its last block fits only by half.
    public static func start(settings: [String] = [], fileLimit: Int? = nil) async throws -> ThrowawayPostgres {
        let server = try ThrowawayPostgres(fileLimit: fileLimit)
        try await server.create(settings: settings)
        try await server.start()
        return server
    }

    /// Starts a standby of this server, which follows it by streaming replication until it is promoted.
    public func startStandby() async throws -> ThrowawayPostgres {
        let standby = try ThrowawayPostgres()
        try await standby.prepareFolder()
        try await standby.asServer(
            "pg_basebackup -D '\(standby.folder)/data' -h 127.0.0.1 -p \(port) -U postgres -R --no-sync -c fast")
        // The copied settings name the primary's port; of two lines the last counts.
        try await standby.asServer("echo 'port = \(standby.port)' >> '\(standby.folder)/data/postgresql.conf'")
        try await standby.start()
        return standby
    }

    /// Makes a standby a primary; returns once it takes writes.
    public func promote() async throws {
        try await psql("SELECT pg_promote()")
    }

    /// Runs the body with a server.
    public static func with<Result: Sendable>(
        settings: [String] = [], fileLimit: Int? = nil, _ body: @Sendable (ThrowawayPostgres) async throws -> Result
    ) async throws -> Result {
        let server = try await start(settings: settings, fileLimit: fileLimit)
        do {
            let result = try await body(server)
            await server.destroy()
            return result
        } catch {
            await server.destroy()
            throw error
        }
    }

    private init(fileLimit: Int? = nil) throws {
        self.fileLimit = fileLimit
        port = try freePort()
        folder = NSTemporaryDirectory() + "/pitwall-postgres-\(getpid())-\(port)"
    }

    private func create(settings: [String]) async throws {
        let lines =
            [
                "port = \(port)", "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", "fsync = off",
                "synchronous_commit = on", "full_page_writes = off", "max_connections = 100", "shared_buffers = 32MB",
                "logging_collector = off", "lc_messages = 'C'",
            ] + settings
        try await prepareFolder()
        // Files of the log have a size of their own, which the limit must allow.
        let segments = fileLimit == nil ? "" : " --wal-segsize=1"
        try await asServer(
            "initdb -D '\(folder)/data' -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8\(segments)")
        try await asServer("cat >> '\(folder)/data/postgresql.conf' <<'END'\n\(lines.joined(separator: "\n"))\nEND")
    }

    /// Makes the folder, and sees to it that nothing outlives this process.
    private func prepareFolder() async throws {
        try await shell("mkdir -p '\(folder)'" + (getuid() == 0 ? " && chown nobody '\(folder)'" : ""))
        // The watchdog is a child of nobody: it sees this process go away and clears up after it.
        try await shell(
            """
            (setsid sh -c 'while kill -0 \(getpid()) 2>/dev/null && [ -d "\(folder)" ]; do sleep 1; done
            [ -d "\(folder)" ] || exit 0
            pid=$(head -1 "\(folder)/data/postmaster.pid" 2>/dev/null)
            [ -n "$pid" ] && kill -QUIT "$pid"; kill -CONT "$pid" $(pgrep -P "$pid")
            sleep 1; rm -rf "\(folder)"' </dev/null >/dev/null 2>&1 &)
            """
        )
    }

    /// Starts the server again after ``stop(mode:)``.
    public func start() async throws {
        // In blocks of 512 bytes, half a page more than whole megabytes.
        let limit = fileLimit.map { "ulimit -S -f \($0 * 2048 + 8); " } ?? ""
        try await asServer(limit + "pg_ctl -D '\(folder)/data' -l '\(folder)/log' -w -t 60 start")
    }

    #if os(Linux)
        /// Lets files of a server that was started with a limit grow.
        public func liftFileLimit() async throws {
            try await asServer(
                """
                parent=$(head -1 '\(folder)/data/postmaster.pid')
                for process in $parent $(pgrep -P $parent); do prlimit --pid $process --fsize=unlimited:; done
                """)
        }
    #endif

    /// Stops the server.
    ///
    /// - Parameter mode: `fast` ends sessions with 57P01, `immediate` cuts them off, `smart` waits for them.
    public func stop(mode: String = "fast") async throws {
        try await asServer("pg_ctl -D '\(folder)/data' -m \(mode) -w -t 60 stop")
    }

    /// Runs the body while all processes of the server are held (SIGSTOP): the kernel still takes connections and bytes for
    /// them, and nobody answers.
    public func whileHeld<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        let parent = try await shell("head -1 '\(folder)/data/postmaster.pid'")
        // The parent first, so that there are no more children afterwards.
        try await shell("kill -STOP \(parent) && kill -STOP $(pgrep -P \(parent))")
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        try await shell("kill -CONT \(parent) $(pgrep -P \(parent))")
        return try result.get()
    }

    /// Stops the server and removes its folder.
    public func destroy() async {
        _ = try? await stop(mode: "immediate")
        _ = try? await shell("rm -rf '\(folder)'")
    }

    /// Runs SQL with psql, as the superuser, and returns what it prints (unaligned, tuples only).
    @discardableResult
    public func psql(_ sql: String, database: String = "postgres") async throws -> String {
        try await shell(
            "psql -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p \(port) -U postgres -d \(database) <<'END'\n\(sql)\nEND"
        )
    }

    /// Runs a command as the user that the server runs as, with the server's programs on the path.
    @discardableResult
    public func asServer(_ command: String) async throws -> String {
        try await shell(
            getuid() == 0 ? "runuser -u nobody -- sh -c \(quoted(searchPath + command))" : searchPath + command)
    }
}

/// Debian keeps the server's programs out of the path.
private let searchPath = "PATH=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1):$PATH; cd /; "

/// Quotes a text for the shell.
public func quoted(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
}

/// A command of a test's set-up failed.
public struct CommandFailure: Error, CustomStringConvertible {
    let command: String
    let output: String
    /// The command and what it printed.
    public var description: String { "\(command)\n\(output)" }

    init(command: String, output: String) {
        self.command = command
        self.output = output
    }

    /// Says that a command with its arguments failed.
    public init(command: [String], output: String) {
        self.init(command: command.joined(separator: " "), output: output)
    }
}

/// Runs a shell command and returns its standard output without the last line break.
///
/// Output goes to a file, not to a pipe: a server that the command leaves running would hold a pipe open.
@discardableResult
public func shell(_ command: String) async throws -> String {
    let output = NSTemporaryDirectory() + "/pitwall-test-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: output) }
    let script = "( \(command)\n) > \(quoted(output)) 2>&1"
    let result = try await Subprocess.run(
        .name("sh"), arguments: ["-c", script], output: .discarded, error: .discarded
    )
    let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
    guard result.terminationStatus.isSuccess else { throw CommandFailure(command: command, output: text) }
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
}

private let givenPorts = Mutex<Set<Int>>([])

/// A port on loopback that nobody listens on. Not given twice in one process, and below those that the system gives to
/// connections: one of them could take it before a server has started there.
public func freePort() throws -> Int {
    for _ in 0..<1_000 {
        let port = Int.random(in: 20_000..<32_000)
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        let isFree = withLoopback(port) { bind(socket, $0, $1) == 0 }
        if isFree, givenPorts.withLock({ $0.insert(port).inserted }) { return port }
    }
    throw CommandFailure(command: "bind 127.0.0.1", output: "no free port")
}
