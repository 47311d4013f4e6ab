/// What a rule is about: everything but how it looks for it.
public struct SwiftRule: Sendable, Hashable, Identifiable {
    /// A stable name in kebab case, such as `weak-hash`.
    public let id: String
    /// The danger in a few words.
    public let title: String
    /// Why it is dangerous.
    public let why: String
    /// What to do instead.
    public let mend: String
    /// Numbers in the Common Weakness Enumeration, the most telling first.
    public let cwe: [Int]
    /// The severity of a finding where the place says nothing else.
    public let severity: SwiftSeverity
    /// Code that the rule is tested on.
    public let examples: Examples

    /// Snippets of Swift that a rule must report and must leave alone.
    public struct Examples: Sendable, Hashable {
        /// Each gives at least one finding of the rule.
        public let wrong: [String]
        /// None gives a finding of the rule.
        public let right: [String]
    }
}
