import LatencyComparison
import LatencyHistogram

/// Compares two targets while their slices come in, and knows when it is decided. Pure: pairs of slices in, verdicts
/// out.
///
/// Whoever looks at growing data again and again finds a difference in the end; so the data are looked at only after
/// numbers of pairs that are fixed beforehand, and the looks share the false-alarm rate (Bonferroni).
struct SequentialComparison {
    /// Each look comes after half as many pairs again.
    private static let looks = [6, 9, 14, 21, 32, 48, 72, 108, 162, 243, 364, 546, 819, 1_229, 1_843]

    /// One scenario's verdict at the last look.
    struct Outcome {
        var comparison: LatencyComparison
        /// Pairs of slices that it rests on.
        var pairs: Int
    }

    private let looks: [Int]
    private let options: ComparisonOptions
    /// Histograms of A and B, a list for each scenario.
    private var slices: [(a: [LatencyHistogram], b: [LatencyHistogram])]
    /// The latest verdicts, one a scenario; empty before the first look.
    private(set) var outcomes: [Outcome] = []

    /// Prepares a comparison.
    ///
    /// - Parameters:
    ///   - scenarios: How many scenarios each slice holds.
    ///   - mostPairs: The last look comes after so many pairs.
    ///   - options: How sure the comparison must be; ``ComparisonOptions/verdicts`` counts what shares the rate besides
    ///     the looks.
    init(scenarios: Int, mostPairs: Int, options: ComparisonOptions) {
        looks = Self.looks.filter { $0 < mostPairs } + [mostPairs]
        slices = Array(repeating: ([], []), count: scenarios)
        var options = options
        options.verdicts *= looks.count
        self.options = options
    }

    /// Every scenario has a verdict other than undecided.
    var isDecided: Bool {
        !outcomes.isEmpty && outcomes.allSatisfy { $0.comparison.verdict != .undecided }
    }

    /// Adds a slice of each target, a histogram a scenario, and looks if a look is due.
    mutating func add(a: [LatencyHistogram], b: [LatencyHistogram]) {
        for scenario in slices.indices {
            slices[scenario].a.append(a[scenario])
            slices[scenario].b.append(b[scenario])
        }
        let pairs = slices.first?.a.count ?? 0
        guard looks.contains(pairs) else { return }
        outcomes = slices.map { slices in
            Outcome(
                comparison: LatencyComparison(base: slices.a, new: slices.b, pairing: .pairs, options: options),
                pairs: pairs)
        }
    }
}
