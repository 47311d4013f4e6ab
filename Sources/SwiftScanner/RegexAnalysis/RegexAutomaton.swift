/// Glushkov's automaton of a regular expression: one position for each character set, without empty transitions.
///
/// See Glushkov, "The abstract theory of automata", 1961. Transitions are counted, since two ways to take one are two
/// ways for a matcher to go.
struct RegexAutomaton {
    /// What may be read on arriving at a position.
    private(set) var sets: [RegexCharacterSet] = []
    /// The positions after each position, with the number of ways that lead there.
    private(set) var follow: [[Int: Int]] = []
    /// The positions after which the expression may end without anything more that could fail.
    private(set) var accepting: Set<Int> = []

    /// The most positions that are built; repeats are written out.
    private static let maximumPositions = 400
    /// How often a counted repeat is written out; more rounds show nothing new.
    private static let maximumCopies = 4

    /// `nil` for an expression that would need too many positions.
    init?(_ tree: RegexNode) {
        let whole = build(tree)
        guard sets.count < Self.maximumPositions else { return nil }
        accepting = Set(whole.freeLast)
    }

    /// A part of the expression between its first and last positions.
    private struct Part {
        var isNullable = true
        /// Whether it may be passed without an assertion.
        var isFreelyNullable = true
        var first: [Int] = []
        var last: [Int] = []
        /// The positions after which it may end without an assertion.
        var freeLast: [Int] = []
    }

    private mutating func build(_ node: RegexNode) -> Part {
        guard sets.count < Self.maximumPositions else { return Part() }
        switch node {
        case .set(let set): return position(set)
        case .atomic, .unknown: return position(RegexCharacterSet())
        case .assertion: return Part(isFreelyNullable: false)
        case .sequence(let items):
            return items.reduce(Part()) { joined($0, build($1)) }
        case .alternatives(let branches):
            return branches.map { build($0) }.reduce(Part(isNullable: false, isFreelyNullable: false)) { all, branch in
                Part(
                    isNullable: all.isNullable || branch.isNullable,
                    isFreelyNullable: all.isFreelyNullable || branch.isFreelyNullable, first: all.first + branch.first,
                    last: all.last + branch.last, freeLast: all.freeLast + branch.freeLast)
            }
        case .repeat(let item, let minimum, let maximum):
            return repeated(item, minimum: minimum, maximum: maximum)
        }
    }

    private mutating func position(_ set: RegexCharacterSet) -> Part {
        let number = sets.count
        sets.append(set)
        follow.append([:])
        return Part(isNullable: false, isFreelyNullable: false, first: [number], last: [number], freeLast: [number])
    }

    private mutating func repeated(_ item: RegexNode, minimum: Int, maximum: Int?) -> Part {
        var whole = Part()
        let required = min(minimum, Self.maximumCopies)
        // The last of the required rounds is the one that goes on without end.
        for _ in 0..<(maximum == nil && required > 0 ? required - 1 : required) { whole = joined(whole, build(item)) }
        if let maximum {
            for _ in 0..<max(0, min(maximum, Self.maximumCopies) - required) {
                whole = joined(whole, optional(build(item)))
            }
            return whole
        }
        var round = build(item)
        connect(round.last, to: round.first)
        if required == 0 { round = optional(round) }
        return joined(whole, round)
    }

    private func optional(_ part: Part) -> Part {
        var part = part
        part.isNullable = true
        part.isFreelyNullable = true
        return part
    }

    private mutating func joined(_ left: Part, _ right: Part) -> Part {
        connect(left.last, to: right.first)
        return Part(
            isNullable: left.isNullable && right.isNullable,
            isFreelyNullable: left.isFreelyNullable && right.isFreelyNullable,
            first: left.isNullable ? left.first + right.first : left.first,
            last: right.isNullable ? left.last + right.last : right.last,
            freeLast: right.isFreelyNullable ? left.freeLast + right.freeLast : right.freeLast)
    }

    private mutating func connect(_ sources: [Int], to targets: [Int]) {
        for source in sources {
            for target in targets { follow[source][target, default: 0] += 1 }
        }
    }
}
