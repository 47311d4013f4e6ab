/// Finds repeats that a backtracking matcher can go through in exponentially many ways.
///
/// A repeat is ambiguous when one text can be cut into its rounds in several ways: `(a+)+`, `(\w+\s?)*`, `(a|\w)*`. It
/// takes exponential time when something after it can fail. (Weideman et al., "Analyzing matching time behavior of
/// backtracking regular expression matchers by using ambiguity of NFA", CIAA 2016, decide it exactly; this checks the
/// forms that occur.)
enum RegexBlowupAnalysis {
    enum Verdict {
        case fine
        /// Ambiguous, but nothing after it has to match.
        case ambiguous
        case exponential
    }

    static func verdict(on pattern: String, isWhole: Bool = false) -> Verdict {
        guard let tree = RegexParser.parse(pattern) else { return .fine }
        return verdict(on: tree, canFailAfter: isWhole)
    }

    private static func verdict(on node: RegexNode, canFailAfter: Bool) -> Verdict {
        switch node {
        case .set, .assertion, .unknown: return .fine
        case .sequence(let items):
            var worst = Verdict.fine
            var canFail = canFailAfter
            for item in items.reversed() {
                worst = max(worst, verdict(on: item, canFailAfter: canFail))
                if case .assertion = item { canFail = true }
                if !item.isNullable { canFail = true }
            }
            return worst
        case .alternatives(let branches):
            return branches.map { verdict(on: $0, canFailAfter: canFailAfter) }.reduce(.fine, max)
        case .repeat(let item, _, let isUnbounded, let isPossessive):
            if isPossessive { return .fine }
            if isUnbounded, isAmbiguous(round: item) { return canFailAfter ? .exponential : .ambiguous }
            return verdict(on: item, canFailAfter: canFailAfter)
        }
    }

    private static func max(_ left: Verdict, _ right: Verdict) -> Verdict {
        switch (left, right) {
        case (.exponential, _), (_, .exponential): .exponential
        case (.ambiguous, _), (_, .ambiguous): .ambiguous
        default: .fine
        }
    }

    private static func isAmbiguous(round: RegexNode) -> Bool {
        switch round {
        case .alternatives(let branches):
            if branches.contains(where: isAmbiguous(round:)) { return true }
            let sets = branches.map(\.singleSet)
            for (index, set) in sets.enumerated() {
                guard let set else { continue }
                for other in branches[(index + 1)...] where other.fits(in: set) && other.singleSet != nil {
                    return true
                }
            }
            return false
        case .sequence(let items):
            let items = items.filter { if case .assertion = $0 { false } else { true } }
            if items.count == 1 { return isAmbiguous(round: items[0]) }
            return items.indices.contains { index in
                guard let set = repeatedSet(items[index]) else { return false }
                return items.indices.allSatisfy { $0 == index || items[$0].fits(in: set) }
            }
        case .repeat(let item, _, let isUnbounded, let isPossessive):
            if isPossessive { return false }
            return isUnbounded ? !isEmptyOnly(item) : isAmbiguous(round: item)
        default: return false
        }
    }

    /// The characters that an item repeats without bound.
    private static func repeatedSet(_ node: RegexNode) -> RegexCharacterSet? {
        switch node {
        case .repeat(let item, _, true, false): item.singleSet
        case .repeat(let item, _, false, false): repeatedSet(item)
        case .sequence(let items) where items.count == 1: repeatedSet(items[0])
        case .alternatives(let branches): branches.lazy.compactMap(repeatedSet).first
        default: nil
        }
    }

    private static func isEmptyOnly(_ node: RegexNode) -> Bool {
        switch node {
        case .assertion: true
        case .sequence(let items): items.allSatisfy(isEmptyOnly)
        default: false
        }
    }
}
