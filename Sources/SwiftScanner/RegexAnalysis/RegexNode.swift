/// A regular expression as a tree, as far as backtracking matters.
indirect enum RegexNode {
    case set(RegexCharacterSet)
    case sequence([RegexNode])
    case alternatives([RegexNode])
    /// `isUnbounded` for `*`, `+`, `{n,}`; possessive repeats and atomic groups never backtrack.
    case `repeat`(RegexNode, minimum: Int, isUnbounded: Bool, isPossessive: Bool)
    /// An anchor, a look-around: matches no characters. `canFail` for those that make what stands before backtrack.
    case assertion
    /// Something this does not model: a back reference, a named class.
    case unknown

    var isNullable: Bool {
        switch self {
        case .set, .unknown: false
        case .assertion: true
        case .sequence(let items): items.allSatisfy(\.isNullable)
        case .alternatives(let branches): branches.contains(where: \.isNullable)
        case .repeat(let item, let minimum, _, _): minimum == 0 || item.isNullable
        }
    }

    /// Whether some text that this matches consists of characters of `set` only.
    func fits(in set: RegexCharacterSet) -> Bool {
        switch self {
        case .set(let own): own.overlaps(set)
        case .assertion: true
        case .unknown: false
        case .sequence(let items): items.allSatisfy { $0.fits(in: set) }
        case .alternatives(let branches): branches.contains { $0.fits(in: set) }
        case .repeat(let item, let minimum, _, _): minimum == 0 || item.fits(in: set)
        }
    }

    /// The set of a node that matches single characters.
    var singleSet: RegexCharacterSet? {
        switch self {
        case .set(let set): set
        case .sequence(let items) where items.count == 1: items[0].singleSet
        case .alternatives(let branches):
            branches.reduce(Optional(RegexCharacterSet())) { all, branch in
                guard var all, let set = branch.singleSet else { return nil }
                all.formUnion(set)
                return all
            }
        default: nil
        }
    }
}
