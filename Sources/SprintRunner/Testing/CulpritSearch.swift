/// Finds the first prefix of a train that fails its tests, with several tests at a time.
///
/// Prefix 0 is the target without any merge, prefix `count` the whole train. The first round tests the whole train and
/// prefixes spread evenly below it; a failure leaves an interval of `count / slots` merges, and the second round tests
/// what is inside it. So two rounds of `k` slots name the culprit among up to `k · k` merges, also when a merge in
/// between happens to mend what an earlier one broke: the answer is always a failing prefix right after a passing one.
struct CulpritSearch: Sendable {
    /// What to do next.
    enum Action: Hashable, Sendable {
        /// Test these prefixes side by side.
        case test([Int])
        /// The whole train passes.
        case passes
        /// The tests fail before any merge.
        case failsBefore
        /// The merge that makes this prefix of its predecessor breaks the tests.
        case culprit(Int)
    }

    let count: Int
    let slots: Int
    private var passed: [Int: Bool] = [:]

    init(count: Int, slots: Int) {
        self.count = max(1, count)
        self.slots = max(1, slots)
    }

    mutating func record(_ prefix: Int, passed: Bool) {
        self.passed[prefix] = passed
    }

    var next: Action {
        guard let whole = passed[count] else { return .test(spread(0, count, places: slots) + [count]) }
        if whole { return .passes }
        let failing = passed.filter { !$0.value }.map(\.key).min() ?? count
        let passing = passed.filter { $0.value && $0.key < failing }.map(\.key).max()
        if failing == 0 { return .failsBefore }
        if let passing, passing == failing - 1 { return .culprit(failing) }
        guard let passing else {
            // The target itself is only in doubt when every prefix that was tested fails.
            return .test([0] + spread(0, failing, places: slots))
        }
        return .test(spread(passing, failing, places: slots + 1))
    }

    /// Up to `places - 1` numbers between two others, evenly.
    private func spread(_ low: Int, _ high: Int, places: Int) -> [Int] {
        guard high - low > 1, places > 1 else { return [] }
        guard high - low > places else { return Array((low + 1)..<high) }
        return (1..<places).map { low + $0 * (high - low) / places }.filter { $0 > low && $0 < high }
    }
}
