/// What two series of latencies are to each other.
public enum ComparisonVerdict: String, Codable, Sendable, Hashable {
    /// The new one is slower, by more than the margin and beyond chance.
    case slower
    /// The new one is faster, by more than the margin and beyond chance.
    case faster
    /// The difference lies within the margin, beyond chance.
    case equivalent
    /// The data do not say.
    case undecided
}
