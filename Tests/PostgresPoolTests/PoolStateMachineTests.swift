import Testing

@testable import PostgresPool

@Suite(.timeLimit(.minutes(10))) struct PoolStateMachineTests {
    // MARK: Lending

    @Test func lendsTheConnectionUsedLast() throws {
        let pool = PoolMachine { $0.minimum = 2 }
        _ = pool.warmUp()
        let first = try #require(pool.acquire().grant)
        let second = try #require(pool.acquire().grant)
        pool.giveBack(first.slot)
        pool.giveBack(second.slot)
        #expect(pool.acquire().grant?.slot == second.slot)
        #expect(pool.violations == [])
    }

    @Test func servesWaitersInTheirOrder() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire().grant)
        let waiters = (0..<3).compactMap { _ in pool.acquire().request }
        for waiter in waiters {
            pool.giveBack(grant.slot)
            #expect(pool.takeActions().grants == [waiter])
        }
    }

    @Test func connectsOnlyForThoseWhoWait() {
        let pool = PoolMachine { $0.maximum = 10 }
        for _ in 0..<3 { _ = pool.acquire() }
        #expect(pool.takeConnects().count == 3)
        for _ in 0..<7 { _ = pool.acquire() }
        #expect(pool.takeConnects().count == 1, "at most four at once")
    }

    @Test func startsNoConnectWhenDemandIsGone() throws {
        let pool = PoolMachine { ($0.maximum, $0.connectsAtOnce) = (10, 1) }
        let requests = (0..<5).compactMap { _ in pool.acquire().request }
        let slot = try #require(pool.takeConnects().first)
        for request in requests { #expect(pool.cancel(request)) }
        pool.connect(slot)
        #expect(pool.takeConnects().isEmpty)
        #expect(pool.machine.idle.count == 1, "the connection joins the pool")
        #expect(pool.violations == [])
    }

    @Test func aCancelledWaiterTakesNothingWithIt() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire().grant)
        let first = try #require(pool.acquire().request)
        let second = try #require(pool.acquire().request)
        #expect(pool.cancel(first))
        #expect(!pool.cancel(first), "cancelled twice")
        pool.giveBack(grant.slot)
        #expect(pool.takeActions().grants == [second])
        #expect(!pool.cancel(second), "granted already")
    }

    @Test func theQueueDoesNotGrowWithThoseWhoGaveUp() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        _ = pool.acquire()
        _ = pool.acquire()
        for _ in 0..<10_000 {
            let request = try #require(pool.acquire().request)
            #expect(pool.cancel(request))
        }
        #expect(pool.machine.waiters.count == 1)
        #expect(pool.machine.waiters.storedCount < 100)
    }

    @Test func aCallerWhoTimesOutLearnsWhoHoldsWhat() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        _ = pool.acquire(line: 17)
        _ = try #require(pool.acquire().request)
        pool.tick(after: 5 * .second)
        let actions = pool.takeActions()
        #expect(
            actions.failures.map(\.1.description) == [
                "no connection within 5 s: 1 of 1 in use, 0 idle, 0 connecting, 1 waiting (longest 5 s); held by Test:17 for 5 s"
            ]
        )
        #expect(actions.warnings.map(\.1) == [0])
        #expect(pool.machine.counts.timedOut == 1)
        #expect(pool.machine.lastShortage == pool.now)
    }

    /// Whoever got nothing because the server was away, or slow to connect to, is no reason for a larger pool.
    @Test(arguments: [false, true])
    func aServerThatIsAwayIsNoShortage(connectFails: Bool) throws {
        let pool = PoolMachine { ($0.maximum, $0.breakerDelay) = (1, 60 * .second) }
        _ = try #require(pool.acquire().request)
        if connectFails { for slot in pool.takeConnects() { pool.failConnect(slot) } }
        pool.tick(after: 5 * .second)
        #expect(pool.machine.counts.timedOut == 1)
        #expect(pool.machine.lastShortage == nil)
    }

    @Test func warnsOnceAnIntervalAndCountsWhatItHeldBack() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum, $0.acquireTimeout) = (1, 1, .second) }
        _ = pool.warmUp()
        _ = pool.acquire()
        var warnings: [Int] = []
        for _ in 0..<12 {
            _ = pool.acquire()
            pool.tick(after: .second)
            warnings += pool.takeActions().warnings.map(\.1)
        }
        #expect(warnings == [0, 9])
    }

    @Test func theTimerOfAWaiterIsSetForItsDeadline() {
        let pool = PoolMachine { $0.acquireTimeout = 100 * .millisecond }
        pool.tick()
        _ = pool.acquire()
        #expect(pool.machine.nextTick == pool.now + 100 * .millisecond)
    }

    // MARK: Giving back

    @Test func makesADirtyConnectionCleanBeforeItIsLentAgain() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire().grant)
        let request = try #require(pool.acquire().request)
        pool.giveBack(grant.slot, .dirty)
        let actions = pool.takeActions()
        #expect(actions.grants == [])
        #expect(actions.cleans == [grant.slot])
        pool.clean(grant.slot, isClean: true)
        #expect(pool.takeActions().grants == [request])
    }

    @Test func replacesAConnectionThatCannotBeMadeClean() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire().grant)
        pool.giveBack(grant.slot, .dirty)
        _ = pool.takeActions()
        pool.clean(grant.slot, isClean: false)
        let actions = pool.takeActions()
        #expect(actions.closed == [.unclean])
        #expect(actions.connects.count == 1)
    }

    @Test func aSecondGiveBackChangesNothing() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire().grant)
        pool.giveBack(grant.slot)
        pool.giveBack(grant.slot)
        #expect(pool.machine.idle.count == 1)
        #expect(pool.violations == [])
    }

    @Test func reportsAConnectionHeldForLongAndItsReturn() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum, $0.holdThreshold) = (1, 1, 2 * .second) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire(line: 99).grant)
        var held: [UInt] = []
        for _ in 0..<5 {
            pool.tick(after: .second)
            for case .reportHeld(let site, _) in pool.takeActions() { held.append(site.line) }
        }
        #expect(held == [99], "once")
        pool.giveBack(grant.slot)
        let returned = pool.takeActions().compactMap { action -> UInt64? in
            if case .reportReturned(_, let nanoseconds) = action { nanoseconds } else { nil }
        }
        #expect(returned == [5 * .second])
    }

    // MARK: Sharing

    @Test func statementsShareWhenNoConnectionIsFree() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum, $0.sharing) = (1, 1, 2) }
        _ = pool.warmUp()
        let first = try #require(pool.acquire(shared: true).grant)
        let second = try #require(pool.acquire(shared: true).grant)
        #expect(first.slot == second.slot)
        let third = try #require(pool.acquire(shared: true).request)
        let own = try #require(pool.acquire().request)
        let fourth = try #require(pool.acquire(shared: true).request)
        pool.giveBack(first.slot)
        #expect(pool.takeActions().grants == [third])
        pool.giveBack(first.slot)
        #expect(pool.takeActions().grants == [], "one who wants it for himself is not overtaken")
        pool.giveBack(first.slot)
        #expect(pool.takeActions().grants == [own])
        pool.giveBack(first.slot)
        #expect(pool.takeActions().grants == [fourth])
    }

    @Test func aSharedConnectionLeftUnfitIsCleanedWhenTheLastHasGone() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        let first = try #require(pool.acquire(shared: true).grant)
        _ = try #require(pool.acquire(shared: true).grant)
        pool.giveBack(first.slot, .dirty)
        let waiting = try #require(pool.acquire(shared: true).request)
        #expect(pool.takeActions().cleans == [])
        pool.giveBack(first.slot)
        #expect(pool.takeActions().cleans == [first.slot])
        pool.clean(first.slot, isClean: true)
        #expect(pool.takeActions().grants == [waiting])
    }

    @Test func whoSharesIsAmongTheHolders() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (2, 2) }
        _ = pool.warmUp()
        let own = try #require(pool.acquire(line: 7).grant)
        pool.tick(after: .second)
        let first = try #require(pool.acquire(shared: true, line: 17).grant)
        _ = try #require(pool.acquire(shared: true, line: 18).grant)
        pool.tick(after: 2 * .second)
        #expect(
            pool.machine.holders(now: pool.now).map(\.description) == [
                "Test:7 for 3 s", "Test:17 for 2 s (2 statements)",
            ])
        // One was answered, and the other waits since.
        pool.giveBack(first.slot)
        pool.tick(after: .second)
        pool.giveBack(own.slot)
        #expect(pool.machine.holders(now: pool.now).map(\.description) == ["Test:17 for 1 s"])
    }

    @Test func growsWhenManyStatementsShare() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum, $0.sharingBeforeGrowth) = (1, 2, 3) }
        _ = pool.warmUp()
        for _ in 0..<2 { #expect(pool.acquire(shared: true).grant != nil) }
        #expect(pool.takeConnects().isEmpty)
        #expect(pool.acquire(shared: true).grant != nil)
        #expect(pool.takeConnects().count == 1)
    }

    // MARK: Time

    @Test func closesIdleConnectionsDownToTheMinimum() {
        let pool = PoolMachine { ($0.minimum, $0.maximum, $0.keepAlive) = (1, 3, 1_000 * .second) }
        for _ in 0..<3 { _ = pool.acquire() }
        for slot in pool.takeConnects() {
            pool.connect(slot)
            pool.giveBack(slot)
        }
        pool.tick(after: 301 * .second)
        #expect(pool.takeActions().closed == [.idle, .idle])
        #expect(pool.open.count == 1)
    }

    @Test func replacesAConnectionAtTheEndOfItsLifetime() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        let slot = pool.warmUp()[0]
        // 30 min less 5 % (half of the greatest jitter).
        pool.tick(after: 1709 * .second)
        for check in pool.takeActions().checks { pool.check(check, isAlive: true) }
        #expect(pool.machine[slot] != nil)
        pool.tick(after: 2 * .second)
        let actions = pool.takeActions()
        #expect(actions.closed == [.lifetime])
        #expect(actions.connects.count == 1)
    }

    @Test func doesNotCloseALentConnectionAtTheEndOfItsLifetimeBeforeItIsBack() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquire().grant)
        pool.tick(after: 2_000 * .second)
        #expect(pool.takeActions().closed == [])
        pool.giveBack(grant.slot)
        #expect(pool.takeActions().closed == [.lifetime])
    }

    @Test func asksIdleConnectionsForASignOfLife() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        let slot = pool.warmUp()[0]
        pool.tick(after: 30 * .second)
        #expect(pool.takeActions().checks == [slot])
        let request = try #require(pool.acquire().request)
        pool.check(slot, isAlive: true)
        #expect(pool.takeActions().grants == [request])
    }

    @Test func aConnectionThatGivesNoSignOfLifeTakesItsGenerationWithIt() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (2, 2) }
        let slots = pool.warmUp()
        pool.tick(after: 20 * .second)
        let grant = try #require(pool.acquire().grant)
        pool.giveBack(grant.slot)
        pool.tick(after: 11 * .second)
        let checked = try #require(pool.takeActions().checks.first)
        #expect(slots.contains(checked) && checked != grant.slot)
        pool.check(checked, isAlive: false)
        #expect(pool.takeActions().closed == [.keepAlive, .generation])
    }

    @Test func aStaleTimerDoesNothing() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        let slot = pool.warmUp()[0]
        pool.tick(after: 30 * .second)
        pool.lose(slot)
        let replacement = try #require(pool.takeConnects().first)
        pool.connect(replacement)
        #expect(replacement.place == slot.place)
        pool.check(slot, isAlive: false)
        pool.clean(slot, isClean: false)
        pool.lose(slot)
        pool.giveBack(slot)
        pool.failConnect(slot)
        #expect(pool.machine[replacement] != nil)
        for _ in 0..<3 { pool.tick() }
        #expect(pool.violations == [])
    }

    /// While statements come and go it is never idle, and would live for ever.
    @Test func nobodyJoinsASharedConnectionAtTheEndOfItsLifetime() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        let first = try #require(pool.acquire(shared: true).grant)
        pool.tick(after: 2_000 * .second)
        #expect(pool.acquireImmediately(shared: true) == nil)
        let next = try #require(pool.acquire(shared: true).request)
        pool.giveBack(first.slot)
        let actions = pool.takeActions()
        #expect(actions.closed == [.lifetime])
        pool.connect(try #require(actions.connects.first))
        #expect(pool.takeActions().grants == [next])
    }

    @Test func reportsASharedConnectionThatDoesNotAnswer() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum, $0.holdThreshold) = (1, 1, 2 * .second) }
        _ = pool.warmUp()
        let slot = try #require(pool.acquire(shared: true, line: 31).grant).slot
        var held: [UInt] = []
        func wait(_ seconds: Int) {
            for _ in 0..<seconds {
                pool.tick(after: .second)
                for case .reportHeld(let site, _) in pool.takeActions() { held.append(site.line) }
            }
        }
        // As long as it answers somebody, it is not held.
        for _ in 0..<4 {
            _ = pool.acquire(shared: true)
            wait(1)
            pool.giveBack(slot)
        }
        #expect(held == [])
        wait(3)
        #expect(held == [31], "once")
        #expect(!pool.giveBackImmediately(slot), "there is something to report")
        pool.giveBack(slot)
        let returned = pool.takeActions().compactMap { action -> UInt64? in
            if case .reportReturned(_, let nanoseconds) = action { nanoseconds } else { nil }
        }
        #expect(returned == [3 * .second])
    }
}
