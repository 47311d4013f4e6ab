/// What a new series of latencies is to an old one.
public enum ComparisonVerdict: String, Codable, Sendable, Hashable {
    /// Slower by more than the margin, and the interval leaves no doubt that it is slower.
    case slower
    /// Faster by more than the margin, and the interval leaves no doubt that it is faster.
    case faster
    /// The whole interval lies within the margin.
    case equivalent
    /// The data do not say.
    case undecided
}

extension ComparisonVerdict {
    /// What a reader wants to see first comes first.
    package static let gravestFirst: [ComparisonVerdict] = [.slower, .undecided, .faster, .equivalent]

    /// Several in one word: the gravest of them; undecided when there is none.
    package static func overall(_ verdicts: some Sequence<ComparisonVerdict>) -> ComparisonVerdict {
        let present = Set(verdicts)
        return gravestFirst.first(where: present.contains) ?? .undecided
    }
}
