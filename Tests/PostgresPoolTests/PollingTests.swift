import Foundation
import Synchronization
import Testing

@testable import PostgresPool

/// When a statement's answer is looked for.
struct PollingRecordTests {
    /// How many of the next runs look, when each look ends as given.
    private func looks(
        _ record: inout PollingRecord, runs: Int, offered: UInt64 = 1_000, isAnswered: Bool = false
    ) -> Int {
        (0..<runs).count { _ in
            guard record.isDue() else { return false }
            record.note(offered: offered, isAnswered: isAnswered)
            return true
        }
    }

    @Test func looksEachTimeThatItIsAnswered() {
        var record = PollingRecord()
        #expect(looks(&record, runs: 1_000, offered: 30_000, isAnswered: true) == 1_000)
        #expect(looks(&record, runs: 1_000, offered: PollingRecord.tooLong, isAnswered: true) == 1_000)
    }

    @Test func aServerFarAwayCostsFewLooks() {
        var record = PollingRecord()
        #expect(looks(&record, runs: 2_048) == 10)
        #expect(looks(&record, runs: 102_500) == 100)
    }

    @Test func oneLookInVainIsSoonForgotten() {
        var record = PollingRecord()
        #expect(looks(&record, runs: 1) == 1)
        #expect(looks(&record, runs: 4, offered: 30_000, isAnswered: true) == 1)
        #expect(looks(&record, runs: 10, offered: 30_000, isAnswered: true) == 10)
        #expect(looks(&record, runs: 5) == 2)
    }

    /// As where others want the processor, and have it for a slice each.
    @Test func answersReadTooLateAreMisses() {
        var record = PollingRecord()
        #expect(looks(&record, runs: 1_000, offered: 24_000_000, isAnswered: true) == 2)
    }

    @Test func oneAnswerReadLateIsForgiven() {
        var record = PollingRecord()
        for _ in 0..<10 {
            #expect(looks(&record, runs: 1, offered: 24_000_000, isAnswered: true) == 1)
            #expect(looks(&record, runs: 10, isAnswered: true) == 10)
        }
    }
}

/// Statements whose answers are looked for, against a real server.
@Suite(
    .enabled(if: PhysicalConnection.State.hearsHangUps, "answers are looked for where epoll is"),
    .timeLimit(.minutes(10)))
struct PollingTests {
    /// Runs until the answer came to one who looked: then the socket is watched for nothing.
    private func runUntilLookedFor(
        _ connection: PostgresConnection, _ query: PostgresQuery = "SELECT 1"
    ) async throws {
        repeat {
            try await connection.query(query)
        } while connection.physical.state.withLock { $0.interest } != []
    }

    @Test func aLoneStatementOfThePoolIsLookedFor() async throws {
        try await withPool(.with { ($0.minimumConnections, $0.maximumConnections) = (2, 2) }) { pool in
            await waitUntil(pool) { pool.statistics.idle == 2 }
            func areWatched() async throws -> Bool {
                try await pool.withConnection { $0.physical.state.withLock { $0.interest } } != []
            }
            repeat { try await pool.query("SELECT 1") } while try await areWatched()
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<200 {
                    group.addTask { try await pool.query("SELECT \(number)")[0].decode(Int.self) }
                }
                return try await group.reduce(0, +)
            }
            #expect(answers == 199 * 100)
        }
    }

    /// Else one that is always busy would be taken for one whose server says nothing.
    @Test func anAnswerThatWasLookedForIsHeard() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.withConnection { connection in
                func state() -> (heard: UInt64, isWatched: Bool) {
                    connection.physical.state.withLock { ($0.heard, $0.interest != []) }
                }
                var before = state()
                repeat {
                    before = state()
                    try await connection.query("SELECT 1")
                } while before.isWatched || state().isWatched
                #expect(state().heard > before.heard)
            }
        }
    }

    /// Whoever finds each answer by looking does not suspend, and there are as many of them as threads.
    @Test func whoAsksOnAndOnLeavesOthersTheirTurn() async throws {
        let tasks = ProcessInfo.processInfo.activeProcessorCount + 1
        try await withPool(.with { $0.maximumConnections = tasks }) { pool in
            let progress = Progress()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<tasks {
                    group.addTask {
                        try await pool.withConnection { connection in
                            repeat {
                                try await connection.query("SELECT 1")
                                progress.asked.add(1, ordering: .relaxed)
                            } while !progress.isOver.load(ordering: .relaxed)
                            #expect(connection.physical.state.withLock { $0.searches } < PollingRecord.turn)
                        }
                    }
                }
                group.addTask {
                    while progress.asked.load(ordering: .relaxed) < 1_000 { await Task.yield() }
                    progress.isOver.store(true, ordering: .relaxed)
                }
                try await group.waitForAll()
            }
        }
    }

    private final class Progress: Sendable {
        let asked = Atomic(0)
        let isOver = Atomic(false)
    }

    /// A handle that was kept: its statement is looked for by a task of its own as the lease ends.
    @Test func aStatementThatOutlivesItsLeaseEndsWithIt() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            for _ in 0..<200 {
                let stray = try await pool.withConnection { connection in
                    try await connection.query("SELECT 1")
                    return Task { try await connection.query("SELECT 1")[0].decode(Int.self) }
                }
                do {
                    #expect(try await stray.value == 1)
                } catch PostgresError.connectionReturned {}
                #expect(try await pool.query("SELECT 2")[0].decode(Int.self) == 2)
            }
        }
    }

    @Test func anIdleConnectionThatIsNotWatchedIsLostAtOnce() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let server = try await pool.withConnection { connection in
                try await runUntilLookedFor(connection)
                return connection.physical.serverProcess
            }
            try await SharedServer.psql("SELECT pg_terminate_backend(\(server))")
            await waitUntil(pool) { pool.statistics.counts.closed[.lost] == 1 }
            try await pool.withConnection { try await $0.query("SELECT 1") }
        }
    }

    @Test func oneThatListensAfterwardsHears() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.withConnection { connection in
                try await runUntilLookedFor(connection)
                let notifications = try await connection.listen(to: "polled")
                try await SharedServer.psql("NOTIFY polled, 'heard'")
                #expect(try await notifications.first { _ in true }?.payload == "heard")
            }
        }
    }

    @Test func oneThatTakesItsTimeIsAnsweredAndCanBeCancelled() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.withConnection { connection in
                let text = { (seconds: Double) -> PostgresQuery in "SELECT pg_sleep(\(seconds)), 7 AS seven" }
                for _ in 0..<3 {
                    try await runUntilLookedFor(connection, text(0))
                    #expect(try await connection.query(text(0.05))[0].decode("seven", as: Int.self) == 7)
                }
                try await runUntilLookedFor(connection, text(0))
                let process = connection.physical.serverProcess
                let sleeper = Task { try await connection.query(text(600)) }
                try await SharedServer.waitUntil(
                    "EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(process) AND wait_event = 'PgSleep')")
                sleeper.cancel()
                await #expect(throws: CancellationError.self) { try await sleeper.value }
                #expect(try await connection.query("SELECT 1")[0].decode(Int.self) == 1)
            }
        }
    }

    /// One looks, and reads the others' answers too.
    @Test func severalTasksOnOneConnectionGetTheirOwnAnswers() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.withConnection { connection in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for task in 0..<4 {
                        group.addTask {
                            for run in 0..<500 {
                                let number = task * 1_000 + run
                                let answer = try await connection.query("SELECT \(number)")[0].decode(Int.self)
                                guard answer == number else { return false }
                            }
                            return true
                        }
                    }
                    for try await isRight in group { #expect(isRight) }
                }
            }
            #expect(pool.statistics.counts.created == 1)
        }
    }
}
