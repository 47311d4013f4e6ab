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

    /// Whether verdicts may rest on the result.
    public var isValid: Bool { stamp == .valid }
}
