import PostgresFixture
import Synchronization

@testable import PostgresPool

/// Returns once the condition holds, looking after each change of the pool; the test's own time limit ends it otherwise.
func waitUntil(_ pool: PostgresPool, _ condition: () -> Bool) async {
    for await _ in pool.observers.changes() where condition() { return }
}

/// Tries again, whenever the pool says that it is healthy, until the body succeeds.
func untilItWorks<Result>(_ pool: PostgresPool, _ body: () async throws -> Result) async {
    while !Task.isCancelled {
        await waitUntil(pool) { pool.health.healthy }
        if (try? await body()) != nil { return }
    }
}

extension SharedServer {
    /// Returns once the server says that a condition about `pg_stat_activity` holds.
    ///
    /// The one wait of these tests that is no event: a server tells nobody that a session left that view, or that a
    /// backend waits for its client to read. So the server itself looks again and again, in one statement.
    static func waitUntil(_ condition: String) async throws {
        try await psql(
            """
            DO $$ BEGIN
                WHILE NOT (\(condition)) LOOP
                    PERFORM pg_sleep(0.005), pg_stat_clear_snapshot();
                END LOOP;
            END $$
            """)
    }
}

extension PostgresConnection {
    /// Runs the body while a statement sleeps on this connection, then returns what became of the statement.
    ///
    /// The event that says that it runs: it gives back an advisory lock, and only then can the server grant it to another.
    func whileSleeping<Result: Sendable>(
        lock: Int = .random(in: 1...Int.max), _ body: @Sendable (Task<PostgresResult, any Error>) async throws -> Result
    ) async throws -> Result {
        try await query("SELECT pg_advisory_lock(\(lock))")
        let sleeper = Task { try await query("SELECT pg_advisory_unlock(\(lock)), pg_sleep(600)") }
        try await SharedServer.psql("SELECT pg_advisory_lock(\(lock))")
        return try await body(sleeper)
    }
}

/// A gate that opens when as many have come as it waits for.
final class Gate: Sendable {
    private struct State {
        var missing: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(for count: Int) { state = Mutex(State(missing: count)) }

    /// Comes, and waits for the others.
    func arrive() async {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.missing -= 1
                state.waiters.append(continuation)
                guard state.missing <= 0 else { return [] }
                defer { state.waiters.removeAll() }
                return state.waiters
            }
            for waiter in ready { waiter.resume() }
        }
    }
}
