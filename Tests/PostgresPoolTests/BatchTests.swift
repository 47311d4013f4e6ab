import PostgresFixture
import Testing

@testable import PostgresPool

/// Statements that only read share a sync, and so a transaction, while others are on the way.
@Suite(.timeLimit(.minutes(10))) struct BatchTests {
    /// Runs statements at once on one connection; their results in order.
    private func atOnce<Value: Sendable>(
        _ count: Int, _ pool: PostgresPool, _ run: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            for index in 0..<count { group.addTask { (index, try await run(index)) } }
            return try await group.reduce(into: [(Int, Value)]()) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    @Test func readsThatWaitShareATransactionAndKeepTheirAnswers() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let answers = try await atOnce(400, pool) { index in
                try await pool.query("SELECT \(index), extract(epoch FROM now())::text")[0].decode(
                    Int.self, String.self)
            }
            #expect(answers.map(\.0) == Array(0..<400))
            #expect(Set(answers.map(\.1)).count < 400, "now() is the start of the transaction")
        }
    }

    @Test func changesHaveATransactionEach() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.query("CREATE TABLE batched_changes (a INT)")
            let transactions = try await atOnce(100, pool) { index in
                try await pool.query("INSERT INTO batched_changes VALUES (\(index)) RETURNING txid_current()")[0]
                    .decode(Int.self)
            }
            #expect(Set(transactions).count == 100)
        }
    }

    @Test func oneThatFailsTakesNoOtherWithIt() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let answers = try await atOnce(400, pool) { index -> Int? in
                do {
                    return try await pool.query("SELECT 100 / \(index % 7)::int")[0].decode(Int.self)
                } catch let error as PostgresError where error.serverError?.sqlState == "22012" {
                    return nil
                }
            }
            #expect(answers == (0..<400).map { $0 % 7 == 0 ? nil : 100 / ($0 % 7) })
        }
    }

    /// A function can change something that the text of the query does not show: it still happens once.
    @Test func aHiddenChangeHappensOnceThoughItsBatchFails() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.query("CREATE TABLE hidden_changes (a INT)")
            try await pool.query(
                """
                CREATE FUNCTION note(number BIGINT) RETURNS BIGINT LANGUAGE sql
                AS 'INSERT INTO hidden_changes VALUES (number) RETURNING number'
                """
            )
            _ = try await atOnce(300, pool) { index in
                _ = try? await pool.query(index % 3 == 0 ? "SELECT 1 / \(0)::int" : "SELECT note(\(index))")
            }
            let (count, distinct) = try await pool.query("SELECT count(*), count(DISTINCT a) FROM hidden_changes")[0]
                .decode(Int.self, Int.self)
            #expect(count == 200)
            #expect(distinct == 200)
        }
    }

    @Test func aBatchSurvivesStatementsThatWentStale() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.query("CREATE TABLE growing (a INT)")
            try await pool.query("INSERT INTO growing VALUES (1)")
            for round in 0..<4 {
                let columns = try await atOnce(60, pool) { _ in
                    try await pool.query("SELECT * FROM growing")[0].columnCount
                }
                #expect(Set(columns) == [round + 1])
                try await pool.query("ALTER TABLE growing ADD COLUMN \(identifier: "c\(round)") INT DEFAULT 2")
            }
        }
    }

    @Test func aLossFailsOrRepeatsEachOnceAndLosesNobody() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        try await withPool(
            url: "postgres://postgres@127.0.0.1:\(proxy.port)/postgres",
            .with { ($0.minimumConnections, $0.maximumConnections) = (1, 2) }
        ) { pool in
            let rounds = Counter()
            _ = try await atOnce(64, pool) { index in
                for _ in 0..<20 {
                    switch rounds.increment() {
                    case 400: proxy.set(.cut)
                    case 500: proxy.set(.open)
                    default: break
                    }
                    let answer = try? await pool.query("SELECT \(index)")[0].decode(Int.self)
                    #expect(answer == nil || answer == index)
                }
            }
            proxy.set(.open)
            await untilItWorks(pool) { try await pool.query("SELECT 1") }
            #expect(pool.health.inUse == 0)
        }
    }

    /// Reads, changes, errors and cancellations on one connection that has room for few prepared statements: everybody is
    /// answered, changes happen once, and what the server has prepared is what the connection believes.
    @Test func aRandomMixtureLosesNobody() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of the mixture: \(seed)")
        try await withPool(
            .with {
                $0.maximumConnections = 1
                $0.statementCacheCapacity = 5
            }
        ) { pool in
            try await pool.query("CREATE TABLE mixed (a BIGINT)")
            let done = Counter()
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<64 {
                    group.addTask {
                        var random = SplitMix(seed: seed &+ UInt64(index))
                        for _ in 0..<60 where await Self.ask(pool, &random) { done.increment() }
                    }
                }
            }
            let count = try await pool.query("SELECT count(*) FROM mixed")[0].decode(Int.self)
            #expect(count >= done.value, "seed \(seed)")
            #expect(pool.health.inUse == 0)
            #expect(pool.statistics.counts.created == 1)
        }
    }

    /// Asks something at random.
    ///
    /// - Returns: whether a change was answered.
    private static func ask(_ pool: PostgresPool, _ random: inout SplitMix) async -> Bool {
        let (kind, number) = (random.next() % 8, Int(random.next() % 10))
        let text = PostgresQuery(trusted: "SELECT \(number)")
        let task = Task {
            switch kind {
            case 0: try await pool.query("INSERT INTO mixed VALUES (\(number))")
            case 1: try await pool.query("SELECT 1 / 0")
            case 2: try await pool.query("SELECT pg_sleep(0.002)")
            default: try await pool.query(text)
            }
        }
        let isCancelled = random.next() % 5 == 0
        if isCancelled {
            for _ in 0..<random.next() % 20 { await Task.yield() }
            task.cancel()
        }
        let outcome = await task.result
        let answer = try? outcome.get()
        // Neither another's cancel nor another's error is this one's.
        #expect(isCancelled || kind == 1 || answer != nil, "\(outcome)")
        if kind > 2, let answer { #expect((try? answer[0].decode(Int.self)) == number) }
        return kind == 0 && answer != nil
    }
}

extension PostgresRow {
    fileprivate var columnCount: Int { storage.columns.count }
}
