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
