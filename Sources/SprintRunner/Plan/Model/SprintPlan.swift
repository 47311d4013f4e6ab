/// A parallel sprint as one Markdown plan tells it: who builds what, which files each may touch, in which order the
/// branches are merged and what has to pass before they land.
///
/// A value of this type that ``read(text:)`` returned is runnable: it has two agents or more, ids are unique and the
/// order has no cycle. What the reader doubted, without it being wrong, is in ``diagnostics``.
public struct SprintPlan: Sendable, Hashable {
    /// The sprint's own number or code as the plan writes it, such as `74` or `QS10`.
    public var sprint: String?
    /// The plan's title without the sprint's number, such as `Performance + Observability`.
    public var title: String?
    /// The safety tag the plan sets before it starts, such as `pre-sprint-74`.
    public var tag: String?
    /// The agents in the order the plan first names them.
    public var agents: [Agent] = []
    /// The ids of all agents, each exactly once, in the order of merging; those in one inner list may land in
    /// either order.
    public var mergeOrder: [[String]] = []
    /// The commands that must pass after the merge, in the plan's order.
    public var tests: [TestCommand] = []
    /// The command that publishes the result, such as `git push origin main`.
    public var push: String?
    /// Files that are joined into one after the merge, in the plan's order.
    public var concatenations: [Concatenation] = []
    /// What the plan says about conflicts that it foresees.
    public var conflictPolicies: [ConflictPolicy] = []
    /// The text that starts each agent's prompt, as written, placeholders still in it.
    public var preamble: String?
    /// The rules that hold for every agent.
    public var rules = Rules()
    /// What the reader could not use or doubts, ordered by line.
    public var diagnostics: [Diagnostic] = []

    /// An empty plan, to be filled in by hand; what ``read(text:)`` checks is then the caller's to keep.
    public init() {}

    /// The agent of an id, compared exactly; nil when the plan has none.
    public func agent(_ id: String) -> Agent? {
        agents.first { $0.id == id }
    }
}
