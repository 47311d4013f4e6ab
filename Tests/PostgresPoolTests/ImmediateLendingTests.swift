import Testing

@testable import PostgresPool

/// The short ways through the machine, taken when nothing else is to be done.
@Suite(.timeLimit(.minutes(10))) struct ImmediateLendingTests {
    // MARK: Lending

    @Test func lendsAnIdleConnection() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        let slots = pool.warmUp()
        let grant = try #require(pool.acquireImmediately())
        #expect(grant.slot == slots[0])
        #expect(grant.waited == 0)
        #expect(pool.acquireImmediately() == nil, "it is lent")
        #expect(pool.giveBackImmediately(grant.slot))
        #expect(!pool.giveBackImmediately(grant.slot), "given back twice")
        #expect(pool.machine.idle == [grant.slot.place])
        #expect(pool.machine.counts.acquired == 1)
        #expect(pool.violations == [])
    }

    @Test func lendsNothingThatShouldBeLookedAtFirst() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        pool.now += .second
        #expect(pool.acquireImmediately() == nil)
        #expect(pool.acquire().grant?.idleFor == .second)
    }

    @Test func overtakesNobody() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum, $0.sharing) = (1, 1, 2) }
        _ = pool.warmUp()
        let grant = try #require(pool.acquireImmediately(shared: true))
        let waiter = try #require(pool.acquire().request)
        #expect(pool.acquireImmediately(shared: true, gathers: true) == nil, "somebody waits")
        #expect(!pool.giveBackImmediately(grant.slot), "somebody waits for it")
        pool.giveBack(grant.slot)
        #expect(pool.takeActions().grants == [waiter])
        #expect(pool.violations == [])
    }

    @Test func lendsNothingWhenShuttingDown() throws {
        let pool = PoolMachine { $0.minimum = 2 }
        _ = pool.warmUp()
        let grant = try #require(pool.acquireImmediately())
        pool.shutDown()
        #expect(pool.acquireImmediately() == nil)
        #expect(!pool.giveBackImmediately(grant.slot))
        pool.giveBack(grant.slot)
        #expect(pool.takeActions().isDrained)
    }

    @Test func tellsWhoIsAlone() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum, $0.sharing) = (2, 2, 2) }
        _ = pool.warmUp()
        let first = try #require(pool.acquireImmediately(shared: true))
        #expect(first.isAlone)
        let second = try #require(pool.acquireImmediately(shared: true))
        #expect(second.isAlone)
        #expect(pool.acquireImmediately(shared: true)?.isAlone == false, "it shares a connection")
    }

    @Test func sharesOnlyWhenNoOtherConnectionCanBeMade() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 2) }
        _ = pool.warmUp()
        _ = try #require(pool.acquireImmediately(shared: true))
        #expect(pool.acquireImmediately(shared: true) == nil, "sharing may be a reason to connect")
        #expect(pool.acquire(shared: true).grant != nil)
    }

    // MARK: Giving back

    @Test func leavesWhatIsUnusualToTheLongWay() throws {
        let pool = PoolMachine { limits in
            (limits.minimum, limits.maximum) = (3, 3)
            (limits.maximumLifetime, limits.holdThreshold) = (10 * .second, 2 * .second)
        }
        _ = pool.warmUp()
        let held = try #require(pool.acquireImmediately())
        pool.tick(after: 3 * .second)
        #expect(!pool.giveBackImmediately(held.slot), "its return is to be reported")
        pool.giveBack(held.slot)
        let old = try #require(pool.acquire().grant)
        pool.now += 20 * .second
        #expect(!pool.giveBackImmediately(old.slot), "its lifetime is over")
        pool.giveBack(old.slot)
        #expect(pool.takeActions().closed == [.lifetime])
        let (faulty, other) = (try #require(pool.acquire().grant), try #require(pool.acquire().grant))
        pool.lose(faulty.slot)
        #expect(!pool.giveBackImmediately(other.slot), "its generation is not trusted")
        #expect(!pool.giveBackImmediately(faulty.slot), "it is gone")
        #expect(pool.violations == [])
    }

    @Test func aDirtySharedConnectionIsNotForTheNext() throws {
        let pool = PoolMachine { ($0.minimum, $0.maximum) = (1, 1) }
        _ = pool.warmUp()
        let first = try #require(pool.acquireImmediately(shared: true))
        let second = try #require(pool.acquireImmediately(shared: true))
        #expect(first.slot == second.slot)
        pool.giveBack(first.slot, .dirty)
        #expect(pool.acquireImmediately(shared: true, gathers: true) == nil)
        #expect(!pool.giveBackImmediately(second.slot))
        pool.giveBack(second.slot)
        #expect(pool.takeActions().cleans == [second.slot])
    }

    // MARK: Gathering

    /// A pool of four connections in which reads gather from four on.
    private func gathering() -> PoolMachine {
        let pool = PoolMachine { limits in
            (limits.minimum, limits.maximum) = (4, 4)
            (limits.sharing, limits.readsBeforeGathering) = (8, 4)
            limits.gatheringWindow = .millisecond
        }
        _ = pool.warmUp()
        return pool
    }

    @Test func fewReadsWaitForNoOther() {
        let pool = gathering()
        let places = (0..<4).compactMap { _ in pool.acquireImmediately(shared: true, gathers: true)?.slot.place }
        #expect(Set(places).count == 4)
    }

    @Test func manyReadsGather() throws {
        let pool = gathering()
        let first = (0..<4).compactMap { _ in pool.acquireImmediately(shared: true, gathers: true)?.slot }
        let joined = try #require(pool.acquireImmediately(shared: true, gathers: true)?.slot)
        for slot in first where slot != joined { #expect(pool.giveBackImmediately(slot)) }
        #expect(pool.machine.idle.count == 3)
        // Two are left on one connection: too few to gather, so that the next two have others.
        let spread = (0..<2).compactMap { _ in pool.acquireImmediately(shared: true, gathers: true)?.slot }
        #expect(Set(spread + [joined]).count == 3)
        let gathered = (0..<6).compactMap { _ in pool.acquireImmediately(shared: true, gathers: true)?.slot }
        #expect(gathered == Array(repeating: joined, count: 6), "up to as many as may share it")
        #expect(pool.acquireImmediately(shared: true, gathers: true)?.slot != joined)
        #expect(pool.violations == [])
    }

    /// Lends all four to reads, lets a fifth join one of them, and gives one of the others back.
    private func freeOneBesideAGathering(_ pool: PoolMachine) throws -> SlotID {
        let first = (0..<4).compactMap { _ in pool.acquireImmediately(shared: true, gathers: true)?.slot }
        let joined = try #require(pool.acquireImmediately(shared: true, gathers: true)?.slot)
        let free = try #require(first.first { $0 != joined })
        #expect(pool.giveBackImmediately(free))
        return free
    }

    @Test func changesDoNotGather() throws {
        let pool = gathering()
        let free = try freeOneBesideAGathering(pool)
        #expect(pool.acquireImmediately(shared: true)?.slot == free)
    }

    @Test func noReadJoinsAConnectionThatDoesNotAnswer() throws {
        let pool = gathering()
        let free = try freeOneBesideAGathering(pool)
        pool.now += .millisecond
        #expect(pool.acquireImmediately(shared: true, gathers: true)?.slot == free, "the others may be held up")
    }
}
