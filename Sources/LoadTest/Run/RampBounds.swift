/// The rates between which a limit is searched, as a person writes them: `low:high`.
public enum RampBounds {
    /// Reads two rates above 0 in requests a second, the lower first.
    ///
    /// - Throws: ``UsageError``.
    public static func parse(_ text: String) throws(UsageError) -> ClosedRange<Double> {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0.trimmed) }
        guard parts.count == 2, let low = parts[0], let high = parts[1], low > 0, high >= low, high <= 1_000_000 else {
            throw UsageError("--ramp \(text) is no pair of rates; write one like 10:5000, at most 1000000")
        }
        return low...high
    }
}
