import Testing

@testable import PostgresPool

/// Whole stories from the test suites of other pools, told to the machine. See docs/tune-fault-tests.md.
@Suite(.timeLimit(.minutes(10))) struct PoolScenarioTests {
    // MARK: Demand

    /// HikariCP's SpikeLoadTest and ConnectionPoolSizeVsThreadsTest, psycopg's test_spike: 50 callers at once who need
    /// 2 ms each, where a connect takes 150 ms. HikariCP ends with five or six connections, others with 45.
    @Test func aSpikeMakesFewConnections() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (5, 50) }
        _ = pool.warmUp()
        var (connects, lent): ([(slot: SlotID, at: UInt64)], [(slot: SlotID, at: UInt64)]) = ([], [])
        func take(_ slot: SlotID) { lent.append((slot, pool.now + 2 * .millisecond)) }
        for _ in 0..<50 { if let grant = pool.acquire().grant { take(grant.slot) } }
        var served = lent.count
        for _ in 0..<400 {
            for case let action in pool.takeActions() {
                switch action {
                case .grant(_, let grant):
                    served += 1
                    take(grant.slot)
                case .connect(let slot): connects.append((slot, pool.now + 150 * .millisecond))
                default: break
                }
            }
            pool.tick(after: .millisecond)
            for due in lent where due.at <= pool.now { pool.giveBack(due.slot) }
            lent.removeAll { $0.at <= pool.now }
            for due in connects where due.at <= pool.now { pool.connect(due.slot) }
            connects.removeAll { $0.at <= pool.now }
        }
        #expect(served == 50)
        #expect(pool.open.count <= 5 + 4, "those under way when the spike was over, and no more")
        #expect(pool.violations == [])
    }

    /// sqlx #3132: callers whose deadline comes as they are served. None of them causes a connect of his own.
    @Test func deadlinesThatEqualTheWaitConnectForNobody() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum, $0.acquireTimeout) = (2, 2, .millisecond) }
        _ = pool.warmUp()
        var lent = (0..<2).compactMap { _ in pool.acquire().grant?.slot }
        for round in 0..<2_000 {
            for _ in 0..<3 { _ = pool.acquire() }
            pool.now += .millisecond
            // The deadline and the give-back come at the same moment, in either order.
            if round.isMultiple(of: 2) { pool.tick() }
            for slot in lent { pool.giveBack(slot) }
            if !round.isMultiple(of: 2) { pool.tick() }
            lent = pool.takeActions().grantedSlots
            while let grant = pool.acquireImmediately() { lent.append(grant.slot) }
        }
        #expect(pool.machine.counts.created == 2)
        #expect(pool.machine.counts.timedOut > 0)
        #expect(pool.violations == [])
    }

    /// psycopg's test_dead_client: a connection goes past those whose time was over.
    @Test func aConnectionGoesToTheFirstWhoStillWaits() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire().grant)
        let gone = try #require(pool.acquire().request)
        pool.tick(after: 4 * .second)
        let waiting = try #require(pool.acquire().request)
        pool.tick(after: .second)
        #expect(pool.takeActions().failures.map(\.0) == [gone])
        pool.giveBack(grant.slot)
        #expect(pool.takeActions().grants == [waiting])
    }

    // MARK: A server that comes and goes

    /// deadpool's managed_unreliable_manager: every other connect fails.
    @Test func anUnreliableServerServesEverybodyInTheEnd() throws {
        let pool = PoolMachine { ($0.maximum, $0.acquireTimeout) = (3, 60 * .second) }
        let requests = (0..<20).compactMap { _ in pool.acquire().request }
        var served: [UInt64] = []
        var attempts = 0
        for _ in 0..<400 where served.count < requests.count {
            let actions = pool.takeActions()
            served += actions.grants
            for slot in actions.connects {
                attempts += 1
                if attempts.isMultiple(of: 2) { pool.connect(slot) } else { pool.failConnect(slot) }
            }
            // Each is broken after use, so that every caller needs a connect.
            for slot in actions.grantedSlots { pool.lose(slot) }
            pool.tick(after: 100 * .millisecond)
        }
        #expect(served == requests)
        #expect(pool.violations == [])
    }

    /// PNIO's networkPartitionAllMinimumConnectionsClose.
    @Test func aPartitionThatTakesEveryConnectionIsSurvived() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (4, 4) }
        let slots = pool.warmUp()
        pool.now += 10 * .second
        for slot in slots { pool.lose(slot) }
        for slot in pool.takeConnects() { pool.failConnect(slot) }
        for _ in 0..<10 {
            pool.tick(after: 500 * .millisecond)
            let connects = pool.takeConnects()
            #expect(connects.count <= 1, "one tries")
            for slot in connects { pool.failConnect(slot) }
        }
        #expect(!pool.machine.health(now: pool.now).healthy)
        pool.tick(after: 600 * .millisecond)
        pool.connect(try #require(pool.takeConnects().first))
        for slot in pool.takeConnects() { pool.connect(slot) }
        #expect(pool.machine.idle.count == 4)
        #expect(pool.machine.health(now: pool.now).healthy)
        #expect(pool.violations == [])
    }

    /// psycopg's test_check_backoff: a proxy in front of a server that is away lets in and hangs up. Without a pause the
    /// minimum would be connected for without end.
    @Test func connectionsThatBreakAsSoonAsTheyAreMadeAreMadeMoreAndMoreSeldom() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 2) }
        pool.tick(after: 1)
        var delays: [UInt64] = []
        for _ in 0..<6 {
            let slot = try #require(pool.takeConnects().first)
            pool.connect(slot)
            pool.lose(slot)
            #expect(pool.takeConnects().isEmpty)
            let delay = pool.machine.nextConnect - pool.now
            #expect(pool.machine.nextTick <= pool.now + delay)
            delays.append(delay / .millisecond)
            pool.tick(after: delay)
        }
        #expect(delays == [50, 100, 200, 400, 500, 500])
        // One that holds ends it: the next loss is made good at once, and the first after that pauses shortly.
        let slot = try #require(pool.takeConnects().first)
        pool.connect(slot)
        pool.tick(after: 20 * .second)
        pool.lose(slot)
        let next = try #require(pool.takeConnects().first)
        pool.connect(next)
        pool.lose(next)
        #expect(pool.machine.nextConnect == pool.now + 50 * .millisecond)
        #expect(pool.violations == [])
    }

    /// A pool that cannot have more connections, and whose callers have gone, has nothing to do until somebody asks.
    @Test func aFailureThatNobodyWaitsForKeepsNoTimerRunning() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 3) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire().grant)
        _ = pool.acquire()
        for slot in pool.takeConnects() { pool.failConnect(slot, sqlState: "53300") }
        pool.giveBack(grant.slot)
        for _ in 0..<20 {
            pool.tick(after: pool.machine.nextTick - pool.now)
            #expect(pool.machine.nextTick >= pool.now + pool.machine.maintenanceInterval)
            #expect(pool.takeConnects().isEmpty)
        }
        #expect(pool.violations == [])
    }

    // MARK: Events at the same moment

    /// PNIO's testKeepAliveIdleTimerTriggerRaceCondition.
    @Test func keepAliveAndIdleTimeoutAtOnceCloseOnce() {
        let pool = PoolMachine { limits in
            (limits.minimum, limits.maximum) = (0, 1)
            (limits.keepAlive, limits.idleTimeout) = (30 * .second, 30 * .second)
        }
        _ = pool.acquire()
        for slot in pool.takeConnects() {
            pool.connect(slot)
            pool.giveBack(slot)
        }
        pool.tick(after: 30 * .second)
        pool.tick()
        let actions = pool.takeActions()
        #expect(actions.closed == [.idle])
        #expect(actions.checks == [])
        #expect(pool.violations == [])
    }

    /// PNIO's connectionClosedWhileKeepAliveRunning and testReleaseLoosesRaceAgainstClosed.
    @Test func aLossComesBeforeWhateverElseIsSaid() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (2, 2) }
        _ = pool.warmUp()
        let lent = try #require(pool.acquire().grant)
        pool.tick(after: 31 * .second)
        let checked = try #require(pool.takeActions().checks.first)
        pool.lose(checked)
        pool.check(checked, isAlive: true)
        pool.lose(lent.slot)
        pool.giveBack(lent.slot, .closed)
        pool.giveBack(lent.slot)
        #expect(pool.machine.counts.closed == [.lost: 2])
        #expect(pool.takeConnects().count == 2)
        #expect(pool.violations == [])
    }
}

extension [PoolAction<Int>] {
    fileprivate var grantedSlots: [SlotID] {
        compactMap { if case .grant(_, let grant) = $0 { grant.slot } else { nil } }
    }
}
