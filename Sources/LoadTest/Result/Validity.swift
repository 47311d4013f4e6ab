/// Whether a result's numbers can be trusted, and why not.
public struct Validity: Codable, Sendable, Hashable {
    /// The stamp on a result.
    public enum Stamp: String, Codable, Sendable {
        /// The numbers are the target's.
        case valid = "VALID"
        /// The generator, not the target, set the numbers.
        case generatorBound = "GENERATOR-BOUND"
        /// The numbers were still changing: a longer or quieter run would give others.
        case unstable = "UNSTABLE"
        /// Every request failed: nothing was measured.
        case failed = "FAILED"
    }

    /// The stamp.
    public var stamp: Stamp
    /// Why the stamp is not ``Stamp/valid``; one sentence each.
    public var reasons: [String]
    /// What to know all the same; one sentence each.
    public var notes: [String]

    /// A result with nothing against it.
    public init(stamp: Stamp = .valid, reasons: [String] = [], notes: [String] = []) {
        self.stamp = stamp
        self.reasons = reasons
        self.notes = notes
    }

    /// Takes in what is known of another part of the same result: what is against one part is against the whole.
    mutating func merge(_ other: Validity) {
        if isValid { stamp = other.stamp }
        reasons += other.reasons.filter { !reasons.contains($0) }
        notes += other.notes.filter { !notes.contains($0) }
    }

    /// Whether verdicts may rest on the result.
    public var isValid: Bool { stamp == .valid }
}
