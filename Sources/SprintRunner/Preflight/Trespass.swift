/// Something that the plan's rules forbid and that was found from outside, whatever a hook let through.
public struct Trespass: Hashable, Sendable, Codable {
    /// What was touched.
    public enum Kind: String, Sendable, Codable {
        /// A branch or tag of the repository was moved, made or deleted.
        case ref
        /// The repository's configuration, hooks or attributes were changed.
        case settings
        /// Commits were pushed.
        case push
    }

    /// The agent whose commits prove it; `nil` when nobody can be told.
    public var agent: String?
    /// What was touched.
    public var kind: Kind
    /// What happened and what the runner made of it, in a sentence.
    public var text: String
    /// Whether it keeps the agent from landing.
    public var isViolation: Bool
}
