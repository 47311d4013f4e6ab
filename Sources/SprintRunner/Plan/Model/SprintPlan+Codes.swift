extension SprintPlan.Diagnostic.Code {
    // Refusals.

    /// The plan's bytes are not UTF-8 text.
    public static let notText = Self(rawValue: "not-text")
    /// The plan has no text at all.
    public static let empty = Self(rawValue: "empty")
    /// The plan is larger than ``SprintPlan/largestSize``.
    public static let tooLarge = Self(rawValue: "too-large")
    /// The plan has fewer than two agents.
    public static let tooFewAgents = Self(rawValue: "too-few-agents")
    /// The plan has more agents than ``SprintPlan/mostAgents``.
    public static let tooManyAgents = Self(rawValue: "too-many-agents")
    /// Two agents have one id.
    public static let duplicateAgent = Self(rawValue: "duplicate-agent")
    /// The order of merging or of starting contradicts itself.
    public static let cycle = Self(rawValue: "cycle")
    /// A fence is opened and never closed.
    public static let unclosedFence = Self(rawValue: "unclosed-fence")
    /// A `Task(… prompt="""` is never closed.
    public static let unclosedPrompt = Self(rawValue: "unclosed-prompt")
    /// A `<!--` is never closed.
    public static let unclosedComment = Self(rawValue: "unclosed-comment")

    // Doubts about what was read.

    /// Words stand where a path is expected.
    public static let notAPath = Self(rawValue: "not-a-path")
    /// A path that cannot lie in the repository.
    public static let badPath = Self(rawValue: "bad-path")
    /// Several statements of one agent's ownership differ.
    public static let ownershipDisagrees = Self(rawValue: "ownership-disagrees")
    /// An agent owns nothing.
    public static let nothingOwned = Self(rawValue: "nothing-owned")
    /// An agent owns a path that it must not touch.
    public static let ownedAndDenied = Self(rawValue: "owned-and-denied")
    /// Ownership or an order names an agent that the plan does not have.
    public static let unknownAgent = Self(rawValue: "unknown-agent")
    /// A prompt had no id, and one was made up from its place.
    public static let inferredAgent = Self(rawValue: "inferred-agent")
    /// The preamble is not marked as such.
    public static let inferredPreamble = Self(rawValue: "inferred-preamble")
    /// The order of merging leaves agents out.
    public static let incompleteOrder = Self(rawValue: "incomplete-order")
    /// What an agent depends on names no agent.
    public static let unclearDependency = Self(rawValue: "unclear-dependency")
    /// A remark on order contradicts the order of merging.
    public static let orderDisagrees = Self(rawValue: "order-disagrees")
    /// The plan names no test command for after the merge.
    public static let noTest = Self(rawValue: "no-test")
    /// A test command's exit status is lost in a pipe or in the background.
    public static let lostTestStatus = Self(rawValue: "lost-test-status")
    /// A tag is set after the merge, so that it is no safety tag.
    public static let laterTag = Self(rawValue: "later-tag")
    /// A push is asked for in words only.
    public static let inferredPush = Self(rawValue: "inferred-push")
    /// A concatenation is asked for in words only.
    public static let unclearConcatenation = Self(rawValue: "unclear-concatenation")

    // Lints.

    /// Two agents own one file.
    public static let twoOwners = Self(rawValue: "two-owners")
    /// A task names a file that its agent does not own.
    public static let taskOutsideOwnership = Self(rawValue: "task-outside-ownership")
    /// All agents append to one shared file.
    public static let sharedAppend = Self(rawValue: "shared-append")
}
