/// The report in one sentence, and what to look at first.
public struct Verdict: Sendable, Hashable {
    /// How the window stands against the one before.
    public enum Outcome: String, Sendable, Hashable {
        case slower
        case failing
        case faster
        case steady
        /// Too few requests on one side.
        case undecided
        case empty
        /// The store cannot be read.
        case unknown
    }

    /// How it stands.
    public let outcome: Outcome
    /// The sentence.
    public let sentence: String
    /// The routes that changed for the worse, the one that costs most time first; three at most.
    public let regressions: [RouteFigures]
}

extension PerfReport {
    /// The report in one sentence.
    public var verdict: Verdict {
        let worse = routes.filter { $0.change.trend == .worse }.sorted { $0.timeLost > $1.timeLost }
        let regressions = Array(worse.prefix(3))
        let before = "the \(window.titleOfBefore)"
        let p95 = Change(from: totalsBefore.p95, to: totals.p95)
        let errors = Change(ofErrorRateFrom: totalsBefore, to: totals)

        func verdict(_ outcome: Verdict.Outcome, _ sentence: String) -> Verdict {
            Verdict(outcome: outcome, sentence: sentence, regressions: regressions)
        }
        if storeProblem != nil { return verdict(.unknown, Self.sentenceWithoutStore(totals)) }
        if totals.requests == 0 { return verdict(.empty, "No request came in the \(window.title).") }
        if errors.trend == .worse {
            return verdict(
                .failing,
                "More requests fail than in \(before): \(Format.percent(totalsBefore.errorRate)) then, "
                    + "\(Format.percent(totals.errorRate)) now.")
        }
        if p95.trend == .worse {
            return verdict(.slower, "Slower than \(before): \(Self.words(p95)).")
        }
        if worse.count > 0 {
            let routes = worse.count == 1 ? "One route is" : "\(worse.count) routes are"
            return verdict(.slower, "\(routes) slower than in \(before), though the whole is not.")
        }
        switch p95.trend {
        case .better: return verdict(.faster, "Faster than \(before): \(Self.words(p95)).")
        case .unknown where totalsBefore.requests == 0:
            return verdict(.undecided, "Nothing to compare with yet: no request came in \(before).")
        case .unknown:
            return verdict(.undecided, "Too few requests to compare with \(before).")
        default: return verdict(.steady, "As fast as \(before): no route slower than chance explains.")
        }
    }

    /// What can be said while the store cannot be read.
    static func sentenceWithoutStore(_ waiting: Figures) -> String {
        waiting.requests == 0
            ? "The store cannot be read, and nothing waits for it in this process."
            : "The store cannot be read; \(Format.count(waiting.requests)) requests wait for it in this process."
    }

    private static func words(_ change: Change) -> String {
        "p95 was \(Format.duration(nanoseconds: change.before ?? 0)), "
            + "now it is \(Format.duration(nanoseconds: change.now ?? 0))"
    }
}

extension RouteFigures {
    /// How many nanoseconds all requests of the window lost to the change of the average.
    fileprivate var timeLost: Double {
        guard let now = now.average, let before = before.average else { return 0 }
        return (now - before) * Double(self.now.requests)
    }
}
