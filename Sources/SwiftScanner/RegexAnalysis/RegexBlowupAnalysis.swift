/// Finds expressions that a backtracking matcher can go through in exponentially many ways.
///
/// Decided on the automaton: it is exponentially ambiguous when a loop can be gone around in two ways on one text, that
/// is, when one of its transitions is there twice, or when in the product of the automaton with itself some pair of
/// different positions lies on a loop with a pair of equal ones. (Weber and Seidl, "On the degree of ambiguity of finite
/// automata", 1991; Weideman et al., "Analyzing matching time behavior of backtracking regular expression matchers by
/// using ambiguity of NFA", 2016.) It takes exponential time when something after the loop can fail.
enum RegexBlowupAnalysis {
    enum Verdict {
        case fine
        /// Ambiguous, but nothing after it has to match.
        case ambiguous
        case exponential
    }

    /// The largest loop whose product is looked at, in positions.
    private static let maximumLoop = 64

    /// - Parameter isWhole: whether the whole text has to match, as with `wholeMatch(of:)`.
    static func verdict(on pattern: String, isWhole: Bool = false) -> Verdict {
        guard let tree = RegexParser.parse(pattern), let automaton = RegexAutomaton(tree) else { return .fine }
        let components = StrongComponents(count: automaton.sets.count) { Array(automaton.follow[$0].keys) }.component
        let loops = Dictionary(grouping: automaton.sets.indices, by: { components[$0] }).values
        var verdict = Verdict.fine
        for loop in loops where isAmbiguous(loop, in: automaton) {
            // A loop that may be left at once is left; one that must be followed by something is gone through anew.
            if isWhole || automaton.accepting.isDisjoint(with: loop) { return .exponential }
            verdict = .ambiguous
        }
        return verdict
    }

    private static func isAmbiguous(_ loop: [Int], in automaton: RegexAutomaton) -> Bool {
        let members = Set(loop)
        let follow = loop.map { position in automaton.follow[position].filter { members.contains($0.key) } }
        if follow.contains(where: { $0.values.contains { $0 > 1 } }) { return true }
        guard loop.count > 1, loop.count <= maximumLoop else { return false }
        let place = Dictionary(uniqueKeysWithValues: zip(loop, loop.indices))
        let targets = follow.map { $0.keys.compactMap { place[$0] } }
        let product = StrongComponents(count: loop.count * loop.count) { pair in
            targets[pair / loop.count].flatMap { left in
                targets[pair % loop.count].compactMap { right in
                    automaton.sets[loop[left]].overlaps(automaton.sets[loop[right]]) ? left * loop.count + right : nil
                }
            }
        }.component
        let equal = Set(loop.indices.map { product[$0 * loop.count + $0] })
        return product.indices.contains { $0 / loop.count != $0 % loop.count && equal.contains(product[$0]) }
    }
}
