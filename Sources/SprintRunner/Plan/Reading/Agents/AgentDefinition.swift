/// One place in a plan that introduces an agent, with what stands there.
struct AgentDefinition {
    enum Source: Hashable {
        /// A heading or a line that works as one.
        case heading(AgentHeading.Form)
        /// The prompt of a `Task(…)` call.
        case call
        /// A table's row.
        case row
        /// A list item.
        case item
    }

    let id: String
    let title: String
    let source: Source
    let line: Int
    /// The line of the heading that this place stands under; two definitions in one section are two agents.
    let section: Int
    /// What the place tells the agent; for a heading without its own line.
    let body: ArraySlice<SourceLine>
    /// The heading's source line, which starts the agent's part of the prompt.
    var heading: Substring?
    /// The call's prompt, ready for use; nil where the body is the prompt.
    var callPrompt: String?
}
