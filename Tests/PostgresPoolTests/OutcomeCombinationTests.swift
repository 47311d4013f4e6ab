import Testing

@testable import PostgresPool

/// deadpool's managed_cancellation: every combination of outcomes of what the machine asks of the world, each of which
/// may succeed, fail, come after the caller's deadline or never.
@Suite(.timeLimit(.minutes(10))) struct OutcomeCombinationTests {
    enum Outcome: CaseIterable, Sendable {
        case success
        case failure
        case late
        case never
    }

    /// Connecting, using, cleaning and checking, each with every outcome: 256 stories a number of callers.
    @Test(arguments: Outcome.allCases, Outcome.allCases)
    func nothingIsLostWhateverTheWorldAnswers(connecting: Outcome, using: Outcome) {
        for cleaning in Outcome.allCases {
            for checking in Outcome.allCases {
                for callers in [1, 3] {
                    let story = "\(connecting), \(using), \(cleaning), \(checking), \(callers) callers"
                    var world = World(connecting: connecting, using: using, cleaning: cleaning, checking: checking)
                    let violations = world.play(callers: callers)
                    #expect(violations == [], "\(story)")
                }
            }
        }
    }

    private struct World {
        let connecting: Outcome
        let using: Outcome
        let cleaning: Outcome
        let checking: Outcome
        let pool = PoolMachine { limits in
            (limits.minimum, limits.maximum) = (1, 2)
            (limits.acquireTimeout, limits.breakerDelay) = (.second, 3 * .second)
            limits.keepAlive = 4 * .second
        }
        /// What is done at a later time.
        var later: [(at: UInt64, event: (PoolMachine) -> Void)] = []
        var isDrained = false

        init(connecting: Outcome, using: Outcome, cleaning: Outcome, checking: Outcome) {
            (self.connecting, self.using, self.cleaning, self.checking) = (connecting, using, cleaning, checking)
        }

        mutating func play(callers: Int) -> [String] {
            for _ in 0..<callers {
                if let grant = pool.acquire().grant { use(grant.slot) }
            }
            for _ in 0..<200 { pass(50 * .millisecond) }
            // Whoever never answered is waited for no longer.
            pool.shutDown()
            pool.closeEverything()
            pass(0)
            for due in later { due.event(pool) }
            pass(0)
            var violations = pool.violations
            if !pool.queued.isEmpty { violations.append("somebody waits") }
            if !pool.open.isEmpty { violations.append("a connection is left") }
            if !isDrained { violations.append("not drained") }
            return violations
        }

        private mutating func pass(_ time: UInt64) {
            pool.tick(after: time)
            for due in later where due.at <= pool.now { due.event(pool) }
            later.removeAll { $0.at <= pool.now }
            for action in pool.takeActions() {
                switch action {
                case .connect(let slot):
                    follow(connecting, { $0.connect(slot) }, else: { $0.failConnect(slot) })
                case .grant(_, let grant): use(grant.slot)
                case .clean(let slot, _):
                    follow(cleaning, { $0.clean(slot, isClean: true) }, else: { $0.clean(slot, isClean: false) })
                case .check(let slot, _):
                    follow(checking, { $0.check(slot, isAlive: true) }, else: { $0.check(slot, isAlive: false) })
                case .drained: isDrained = true
                default: break
                }
            }
        }

        private mutating func use(_ slot: SlotID) {
            follow(using, { $0.giveBack(slot, .dirty) }, else: { $0.lose(slot) })
        }

        private mutating func follow(
            _ outcome: Outcome, _ success: @escaping (PoolMachine) -> Void,
            else failure: @escaping (PoolMachine) -> Void
        ) {
            switch outcome {
            case .success: later.append((pool.now + 1, success))
            case .failure: later.append((pool.now + 1, failure))
            case .late: later.append((pool.now + 2 * .second, success))
            case .never: break
            }
        }
    }
}
