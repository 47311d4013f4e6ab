import Testing

@testable import PostgresPool

/// Long random sequences of everything that can happen, in any order, against the machine: after each event the
/// invariants of ``PoolMachine`` hold, and in the end nothing is lost. The seed is in the name of the failing case.
@Suite(.timeLimit(.minutes(10))) struct RandomScheduleTests {
    @Test(arguments: 0..<60)
    func nothingIsLost(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let pool = PoolMachine { limits in
            limits.minimum = Int.random(in: 0...3, using: &random)
            limits.maximum = Int.random(in: max(1, limits.minimum)...6, using: &random)
            limits.sharing = Int.random(in: 1...4, using: &random)
            limits.readsBeforeGathering = Int.random(in: 1...4, using: &random)
            limits.acquireTimeout = 100 * .millisecond
            limits.idleTimeout = 400 * .millisecond
            limits.maximumLifetime = 900 * .millisecond
            limits.keepAlive = 200 * .millisecond
            limits.holdThreshold = 300 * .millisecond
            limits.breakerDelay = 150 * .millisecond
            limits.demotionGrace = 50 * .millisecond
        }
        var world = World()
        for _ in 0..<600 where pool.violations.isEmpty {
            world.step(pool, &random)
            world.take(pool.takeActions())
        }
        world.settle(pool)
        #expect(pool.queued == [], "seed \(seed): waiters were lost")
        #expect(pool.open == [], "seed \(seed): connections were left open")
        #expect(world.isDrained, "seed \(seed): not drained")
        #expect(pool.violations == [], "seed \(seed)")
    }

    /// What goes on outside the machine.
    private struct World {
        var requests: [UInt64] = []
        var lent: [SlotID] = []
        var connecting: [SlotID] = []
        var checking: [SlotID] = []
        var cleaning: [SlotID] = []
        /// Names of connections that may be gone: late events about them must do nothing.
        var stale: [SlotID] = []
        var isServerUp = true
        var isDrained = false

        mutating func step(_ pool: PoolMachine, _ random: inout SplitMix) {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<25:
                let shared = Bool.random(using: &random)
                let gathers = shared && Bool.random(using: &random)
                if .random(using: &random), let grant = pool.acquireImmediately(shared: shared, gathers: gathers) {
                    return lent.append(grant.slot)
                }
                switch pool.acquire(shared: shared) {
                case .granted(let grant): lent.append(grant.slot)
                case .queued(let request): requests.append(request)
                case .refused: break
                }
            case 25..<45:
                guard let slot = lent.removeRandom(using: &random) else { return }
                let condition: [PhysicalConnection.Return] = [.clean, .clean, .clean, .dirty, .closed]
                let how = condition.randomElement(using: &random) ?? .clean
                stale.append(slot)
                if how == .closed { pool.lose(slot) }
                if how == .clean, .random(using: &random), pool.giveBackImmediately(slot) { return }
                pool.giveBack(slot, how)
            case 45..<52:
                if let request = requests.removeRandom(using: &random) { _ = pool.cancel(request) }
            case 52..<70:
                guard let slot = connecting.removeRandom(using: &random) else { return }
                if isServerUp { pool.connect(slot) } else { pool.failConnect(slot) }
            case 70..<75:
                if let slot = checking.removeRandom(using: &random) { pool.check(slot, isAlive: isServerUp) }
            case 75..<80:
                if let slot = cleaning.removeRandom(using: &random) { pool.clean(slot, isClean: isServerUp) }
            case 80..<82: isServerUp.toggle()
            case 82..<84: if let slot = lent.randomElement(using: &random) { pool.lose(slot) }
            case 84..<85: if let slot = lent.randomElement(using: &random) { pool.demote(slot) }
            case 85..<90:
                guard let slot = stale.randomElement(using: &random), pool.machine[slot] == nil else { return }
                pool.giveBack(slot)
                pool.check(slot, isAlive: false)
                pool.clean(slot, isClean: true)
                pool.lose(slot)
            default: pool.tick(after: UInt64.random(in: 0...(30 * .millisecond), using: &random))
            }
        }

        mutating func take(_ actions: [PoolAction<Int>]) {
            for action in actions {
                switch action {
                case .grant(let request, let grant):
                    requests.removeAll { $0 == request }
                    lent.append(grant.slot)
                case .fail(let request, _): requests.removeAll { $0 == request }
                case .connect(let slot): connecting.append(slot)
                case .check(let slot, _): checking.append(slot)
                case .clean(let slot, _): cleaning.append(slot)
                case .drained: isDrained = true
                default: break
                }
            }
        }

        /// Lets everything under way end, after the pool was told to shut down.
        mutating func settle(_ pool: PoolMachine) {
            pool.shutDown()
            for slot in lent { pool.giveBack(slot) }
            for slot in connecting { pool.connect(slot) }
            for slot in checking { pool.check(slot, isAlive: true) }
            for slot in cleaning { pool.clean(slot, isClean: true) }
            take(pool.takeActions())
        }
    }
}

/// A small generator that gives the same numbers for the same seed everywhere (Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators", 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Array {
    fileprivate mutating func removeRandom(using random: inout SplitMix) -> Element? {
        guard let index = indices.randomElement(using: &random) else { return nil }
        swapAt(index, count - 1)
        return removeLast()
    }
}
