import Testing

@testable import PostgresPool

/// The machine when the server is away, refuses, or has changed its role.
@Suite(.timeLimit(.minutes(10))) struct PoolFailureStateMachineTests {
    @Test func oneConnectionTriesWithBackoffWhileConnectingFails() throws {
        let pool = PoolMachine { ($0.maximum, $0.acquireTimeout, $0.breakerDelay) = (10, 60 * .second, 60 * .second) }
        for _ in 0..<10 { _ = pool.acquire() }
        for slot in pool.takeConnects() { pool.failConnect(slot) }
        #expect(pool.takeConnects().isEmpty)
        var delays: [UInt64] = []
        for _ in 0..<6 {
            let delay = try #require(pool.machine.failing).nextAttempt - pool.now
            delays.append(delay / .millisecond)
            pool.tick(after: delay)
            let connects = pool.takeConnects()
            #expect(connects.count == 1)
            for slot in connects { pool.failConnect(slot) }
        }
        #expect(delays == [50, 100, 200, 400, 500, 500])
        #expect(pool.violations == [])
    }

    @Test func aWrongPasswordIsTriedSeldom() throws {
        let pool = PoolMachine { ($0.minimum, $0.breakerDelay) = (1, 60 * .second) }
        pool.tick(after: 1)
        for _ in 0..<12 {
            for slot in pool.takeConnects() { pool.failConnect(slot, sqlState: "28P01") }
            let delay = try #require(pool.machine.failing).nextAttempt - pool.now
            #expect(delay <= 5 * .second)
            pool.tick(after: delay)
        }
        for slot in pool.takeConnects() { pool.failConnect(slot, sqlState: "28P01") }
        let trouble = try #require(pool.machine.failing)
        #expect(trouble.nextAttempt - pool.now == 5 * .second)
    }

    /// Time does not mend a wrong password: waiting for the breaker would keep the caller from the message.
    @Test func aWrongPasswordFailsWaitersAtOnce() throws {
        let pool = PoolMachine()
        _ = try #require(pool.acquire().request)
        for slot in pool.takeConnects() { pool.failConnect(slot, sqlState: "28P01") }
        #expect(pool.queued.isEmpty)
        #expect(pool.acquire().refusal?.description.contains("refused") == true)
    }

    @Test func theBreakerFailsWaitersWithTheCause() throws {
        let pool = PoolMachine()
        let request = try #require(pool.acquire().request)
        let start = pool.now
        while pool.now - start < 3 * .second {
            for slot in pool.takeActions().connects { pool.failConnect(slot) }
            if pool.machine.waiters.isEmpty { break }
            pool.tick(after: 50 * .millisecond)
        }
        #expect(pool.now - start < 3 * .second)
        #expect(pool.queued.isEmpty, "\(request) still waits")
        let refusal = try #require(pool.acquire().refusal)
        #expect(
            refusal.description
                == "the database cannot be reached: 0 of 2 in use, 0 idle, 0 connecting, 0 waiting (longest 0 s); connecting fails: refused"
        )
    }

    @Test func theBreakerClosesWithTheFirstConnection() throws {
        let pool = PoolMachine { $0.minimum = 1 }
        pool.tick(after: 1)
        for _ in 0..<20 {
            for slot in pool.takeConnects() { pool.failConnect(slot) }
            pool.tick(after: 500 * .millisecond)
        }
        #expect(pool.acquire().refusal != nil)
        #expect(!pool.machine.health(now: pool.now).healthy)
        pool.tick(after: 600 * .millisecond)
        for slot in pool.takeConnects() { pool.connect(slot) }
        #expect(pool.acquire().grant != nil)
        #expect(pool.machine.health(now: pool.now).healthy)
    }

    @Test func aPoolWithoutMinimumTriesAgainWhenSomebodyAsks() throws {
        let pool = PoolMachine()
        _ = pool.acquire()
        for _ in 0..<20 {
            for slot in pool.takeConnects() { pool.failConnect(slot) }
            pool.tick(after: 500 * .millisecond)
        }
        #expect(pool.takeConnects().isEmpty, "nobody needs a connection")
        pool.tick(after: 60 * .second)
        #expect(pool.takeConnects().isEmpty)
        #expect(pool.acquire().request != nil, "he waits for the attempt that he has caused")
        #expect(pool.takeConnects().count == 1)
        #expect(pool.acquire().refusal != nil, "the others do not")
    }

    @Test func thoseThatAreLentAreLookedAtForSilence() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum, $0.silence) = (3, 3, 40 * .second) }
        _ = pool.warmUp()
        let lent = try #require(pool.acquire().grant)
        let shared = try #require(pool.acquire(shared: true).grant)
        pool.tick(after: .second)
        #expect(Set(pool.takeActions().silenceChecks) == [lent.connection, shared.connection], "not the idle one")
        pool.lose(lent.slot, .silent)
        #expect(pool.machine.counts.closed == [.silent: 1, .generation: 1])
        pool.giveBack(shared.slot)
        #expect(pool.machine.counts.closed[.generation] == 2)
        #expect(pool.violations == [])
    }

    @Test func withoutAStatementTimeoutNobodyIsLookedAt() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        _ = try #require(pool.acquire().grant)
        pool.tick(after: .second)
        #expect(pool.takeActions().silenceChecks == [])
    }

    @Test func aPoolWithoutMinimumTriesAgainForWhoeverAsksForItsHealth() {
        let pool = PoolMachine()
        _ = pool.acquire()
        for _ in 0..<20 {
            for slot in pool.takeConnects() { pool.failConnect(slot) }
            pool.tick(after: 500 * .millisecond)
        }
        pool.probe()
        let connects = pool.takeConnects()
        #expect(connects.count == 1)
        pool.probe()
        #expect(pool.takeConnects().isEmpty, "one at a time")
        pool.failConnect(connects[0])
        pool.probe()
        #expect(pool.takeConnects().isEmpty, "not before its time")
        pool.tick(after: .second)
        pool.probe()
        for slot in pool.takeConnects() { pool.connect(slot) }
        #expect(pool.machine.health(now: pool.now).healthy)
        pool.probe()
        #expect(pool.takeConnects().isEmpty)
        #expect(pool.violations == [])
    }

    @Test func waitersWaitOnWhileConnectionsAreOutThatComeBack() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum, $0.acquireTimeout) = (1, 2, 60 * .second) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire().grant)
        let request = try #require(pool.acquire().request)
        for _ in 0..<20 {
            for slot in pool.takeConnects() { pool.failConnect(slot, sqlState: "53300") }
            pool.tick(after: 500 * .millisecond)
        }
        pool.giveBack(grant.slot)
        #expect(pool.takeActions().grants == [request])
    }

    @Test func aFailedConnectFreesItsPlace() throws {
        let pool = PoolMachine { $0.maximum = 1 }
        let request = try #require(pool.acquire().request)
        pool.failConnect(try #require(pool.takeConnects().first))
        pool.tick(after: .second)
        pool.connect(try #require(pool.takeConnects().first))
        #expect(pool.takeActions().grants == [request])
    }

    @Test func aLossDropsTheWholeGeneration() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (4, 4) }
        _ = pool.warmUp()
        let lent = try #require(pool.acquire().grant)
        let broken = try #require(pool.acquire().grant)
        pool.lose(broken.slot)
        let actions = pool.takeActions()
        #expect(actions.closed == [.generation, .generation])
        #expect(actions.connects.count == 3)
        for slot in actions.connects { pool.connect(slot) }
        pool.giveBack(lent.slot)
        #expect(pool.takeActions().closed == [.generation])
        #expect(pool.violations == [])
    }

    @Test func lossesOfAnOldGenerationDropNothingNew() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (3, 3) }
        _ = pool.warmUp()
        let grants = (0..<3).compactMap { _ in pool.acquire().grant }
        pool.lose(grants[0].slot)
        pool.connect(try #require(pool.takeConnects().first))
        pool.lose(grants[1].slot)
        pool.lose(grants[2].slot)
        #expect(pool.takeActions().closed == [])
        #expect(pool.machine.idle.count == 1)
    }

    /// Who finds his connection closed may give it back before its loss is told.
    @Test func aLossToldAfterTheGiveBackDropsTheGeneration() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (3, 3) }
        _ = pool.warmUp()
        let (early, late) = (try #require(pool.acquire().grant), try #require(pool.acquire().grant))
        pool.breakSilently(early.slot)
        pool.giveBack(early.slot, .closed)
        let serials = pool.takeConnects()
        for slot in serials { pool.connect(slot) }
        _ = pool.takeActions()
        pool.lose(early.slot)
        #expect(pool.takeActions().closed == [.generation, .generation], "those idle are of the same generation")
        pool.breakSilently(late.slot)
        pool.giveBack(late.slot, .closed)
        for slot in pool.takeConnects() { pool.connect(slot) }
        pool.lose(late.slot)
        #expect(pool.takeActions().closed == [], "its generation has gone already")
        #expect(pool.machine.counts.closed == [.lost: 2, .generation: 2])
        #expect(pool.violations == [])
    }

    /// A pooler lets callers in while its server is away, and hangs up on what sets the connection up.
    @Test func aLossWhileItIsSetUpIsAFailureToConnect() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (2, 4) }
        pool.tick(after: 1)
        let connects = pool.takeConnects()
        for slot in connects { pool.lose(slot) }
        #expect(pool.takeConnects().isEmpty, "at once would be a storm")
        for slot in connects { pool.failConnect(slot) }
        #expect(pool.takeConnects().isEmpty)
        #expect(pool.machine.counts.connectFailures == 2)
        #expect(pool.machine.counts.closed == [:])
        #expect(!pool.machine.health(now: pool.now).healthy)
        pool.tick(after: .second)
        #expect(pool.takeConnects().count == 1)
        #expect(pool.violations == [])
    }

    /// Between the end of its connect and the machine's hearing of that.
    @Test func aLossBeforeAConnectionIsKnownKeepsItFromBeingLent() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 2) }
        pool.tick(after: 1)
        let slot = try #require(pool.takeConnects().first)
        let request = try #require(pool.acquire().request)
        pool.lose(slot)
        pool.connectBroken(slot)
        #expect(pool.takeConnects().isEmpty, "a pause, as after one that breaks unused")
        #expect(pool.machine.counts.closed == [.lost: 1])
        pool.tick(after: .second)
        for slot in pool.takeConnects() { pool.connect(slot) }
        #expect(pool.takeActions().grants == [request])
        #expect(pool.violations == [])
    }

    @Test func aDemotedPrimaryIsLeftAtOnceButNotForEver() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (2, 2) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire().grant)
        pool.tick(after: 2 * .second)
        pool.demote(grant.slot)
        #expect(pool.takeActions().closed == [.generation])
        pool.giveBack(grant.slot)
        let actions = pool.takeActions()
        #expect(actions.closed == [.generation])
        for slot in actions.connects { pool.connect(slot) }
        let again = try #require(pool.acquire().grant)
        pool.demote(again.slot)
        #expect(pool.takeActions().closed == [], "one just made would be as read-only again")
    }

    @Test func shutDownWaitsForThoseThatAreLent() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (2, 2) }
        _ = pool.warmUp()
        let first = try #require(pool.acquire().grant)
        let second = try #require(pool.acquire().grant)
        _ = try #require(pool.acquire().request)
        pool.shutDown()
        let actions = pool.takeActions()
        #expect(actions.failures.map(\.1.description) == ["the pool has shut down"])
        #expect(!actions.isDrained)
        #expect(pool.acquire().refusal?.description == "the pool has shut down")
        pool.giveBack(first.slot, .dirty)
        pool.lose(second.slot)
        let last = pool.takeActions()
        #expect(last.closed == [.shutDown])
        #expect(last.isDrained)
        #expect(last.connects.isEmpty)
    }

    @Test func aConnectThatEndsAfterShutDownIsClosed() throws {
        let pool = PoolMachine()
        _ = pool.acquire()
        let slot = try #require(pool.takeConnects().first)
        pool.closeEverything()
        #expect(pool.takeActions().isDrained)
        pool.connect(slot)
        #expect(pool.takeActions().closed == [.shutDown])
    }

    @Test func theTimeToDrainEnds() throws {
        let pool = PoolMachine { $0.minimum = 1 }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire().grant)
        pool.shutDown()
        pool.closeEverything()
        let actions = pool.takeActions()
        #expect(actions.closed == [.shutDown])
        #expect(actions.isDrained)
        pool.giveBack(grant.slot)
        #expect(pool.violations == [])
    }

    /// While the server is away most callers are refused as they ask, without ever having waited.
    @Test func theWarningCountsThoseWhoWereRefusedAtOnce() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (0, 1) }
        _ = try #require(pool.acquire().request)
        for slot in pool.takeActions().connects { pool.failConnect(slot, sqlState: "28P01") }
        #expect(pool.takeActions().warnings.map(\.1) == [0])
        pool.tick(after: .millisecond)
        for _ in 0..<5 { _ = try #require(pool.acquire().refusal) }
        #expect(pool.takeActions().warnings.isEmpty)
        pool.tick(after: pool.machine.limits.warningInterval)
        _ = try #require(pool.acquire().request)
        for slot in pool.takeActions().connects { pool.failConnect(slot, sqlState: "28P01") }
        #expect(pool.takeActions().warnings.map(\.1) == [5])
    }
}
