/// What a heading says about what stands below it.
enum SectionRole: Hashable {
    case ownership
    /// "Files" and its like: files the agent works on, taken as owned when nothing clearer is said.
    case files
    case denial
    case outputs
    case appendFiles
    case preamble
    case order
    case commit
    case test
    case tasks
    case reading
    case preFlight
    case afterAgents
    case report

    /// The roles of a heading's text; a heading such as "Merge + Test" has several.
    static func roles(of heading: some StringProtocol) -> Set<SectionRole> {
        guard heading.utf8.count <= 300 else { return [] }
        let heading = String(heading)
        let words = heading.words
        // A remark in brackets does not turn a heading round: "In landing.html (do NOT touch the body)".
        let core = heading.contains("(") ? FileList.withoutBrackets(heading).words : words
        let isFiles = fileHeadings.contains(core.joined(separator: " "))
        var roles = vocabulary.matches(in: words).subtracting([.denial, .ownership])
        let claims = vocabulary.matches(in: isFiles ? words : core)
        if claims.contains(.denial) {
            roles.insert(.denial)
        } else if claims.contains(.ownership), !speaksOfYourOwn(core) {
            roles.insert(.ownership)
        }
        if isFiles { roles.insert(.files) }
        if speaksOfPrompts(words) { roles.insert(.preamble) }
        if words.first == "commit" { roles.insert(.commit) }
        if !isOrder(words, roles) { roles.remove(.order) }
        return roles
    }

    static func isOrder(_ text: String) -> Bool {
        let words = text.words
        return isOrder(words, vocabulary.matches(in: words))
    }

    /// The order in which sprints push is not the order in which agents merge.
    private static func isOrder(_ words: [String], _ roles: Set<SectionRole>) -> Bool {
        roles.contains(.order) && !Vocabulary<SectionRole>.holds(["push", "order"], in: words)
    }

    private static let fileHeadings: Set<String> = [
        "files", "file", "files to modify", "files to create", "files to edit", "files to change", "files to touch",
        "files to create modify", "files to modify create", "files to create or modify", "files modified",
        "files created", "files changed", "files touched", "new files", "modified files", "created files",
        "file scope", "files in scope", "your files", "allowed files", "files allowed", "creates", "modifies",
    ]

    /// "Run your own tests", but not "Your own files".
    private static func speaksOfYourOwn(_ words: [String]) -> Bool {
        guard let own = words.firstIndex(of: "own"), own > 0, !words.contains("files") else { return false }
        return ["your", "its", "their"].contains(words[own - 1])
    }

    /// "Each agent prompt MUST start with:".
    private static func speaksOfPrompts(_ words: [String]) -> Bool {
        !Set(words).isDisjoint(with: ["each", "every", "all"]) && !Set(words).isDisjoint(with: ["prompt", "prompts"])
            && !Set(words).isDisjoint(with: [
                "start", "starts", "begin", "begins", "include", "includes", "prepend", "prefix", "paste", "verbatim",
                "contain",
            ])
    }

    private static let vocabulary = Vocabulary<SectionRole>([
        .denial: [
            "not touch", "never touch", "don't touch", "not modify", "never modify", "don't modify", "not edit",
            "never edit", "don't edit", "not change", "never change", "don't change", "not own", "don't own",
            "off limits", "forbidden", "hands off", "not yours", "no touch", "untouchable", "denied", "deny",
            "read only",
        ],
        .ownership: [
            "own", "owns", "owned", "ownership", "owner", "owners", "exclusive files", "may touch", "may edit",
            "may modify", "files you can edit", "files you can touch", "allowed to touch", "allowed to edit",
            "file matrix", "file assignment", "file assignments", "file allocation", "file map",
        ],
        .outputs: ["output files", "output file", "outputs", "per agent files", "per agent output"],
        .appendFiles: ["append files", "append only files", "shared append files"],
        .preamble: [
            "preamble", "include verbatim", "shared rules", "common rules", "shared instructions",
            "common instructions",
            "rules for all agents", "rules for every agent", "rules for each agent", "shared prompt", "common prompt",
            "prompt header", "shared context", "common header",
        ],
        .order: [
            "merge order", "merging order", "merge sequence", "build order", "launch order", "execution order",
            "landing order", "land order", "integration order", "dependency order", "order of merge",
            "order of merging",
            "merge in this order", "merge in order", "in this order", "in the following order", "in the order",
            "dependencies", "dependency", "sequencing", "start order", "execution plan", "waves",
        ],
        .test: ["test", "tests", "testing", "verify", "verification", "validation"],
        .tasks: [
            "task", "tasks", "build", "implementation", "implement", "what to build", "work", "steps", "scope",
        ],
        .reading: ["read", "reading", "reference", "references", "context"],
        .preFlight: ["pre flight", "preflight", "prerequisites", "before you start", "setup"],
        .afterAgents: [
            "post agent", "post agents", "post merge", "after all agents", "after agents", "after the agents",
            "after both agents", "after merge", "after merging", "merge", "merging", "integrate", "integration", "land",
            "landing", "consolidation", "consolidate", "wrap up", "finish", "ship", "release", "push", "deploy",
            "final",
            "close", "closing", "ceremony", "completion", "orchestrator",
        ],
        .report: ["report", "summary", "status", "results", "signal done", "checkquad", "handoff"],
    ])
}
