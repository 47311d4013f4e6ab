/// An agent's finished branch, ready to be merged.
struct MergeCandidate: Sendable {
    /// The agent's id as the plan writes it.
    var agent: String
    /// The agent's title.
    var title: String
    /// The commit that the agent started from.
    var base: ObjectID
    /// The last commit of the agent's branch.
    var head: ObjectID
    /// Everything that differs between the two.
    var changes: [TreeChange]
    /// Files that the plan declares to be appended to only.
    var appendPaths: Set<TreePath> = []
    /// Whether the plan says that additions of two agents at one place are both kept.
    var keepsBothAdditions: @Sendable (TreePath) -> Bool = { _ in false }
}
