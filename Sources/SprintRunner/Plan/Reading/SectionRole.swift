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
    static func roles(of heading: String) -> Set<SectionRole> {
        guard heading.utf8.count <= 300 else { return [] }
        let text = heading.words.joined(separator: " ")
        var roles: Set<SectionRole> = []
        // A remark in brackets does not turn a heading round: "In landing.html (do NOT touch the body)".
        let core = FileList.withoutBrackets(heading).words.joined(separator: " ")
        let isFiles = fileHeadings.contains(core)
        if isFiles { roles.insert(.files) }
        if isDenial(isFiles ? text : core) {
            roles.insert(.denial)
        } else if isOwnership(core) {
            roles.insert(.ownership)
        }
        if text.containsWords("append files", "append only files", "shared append files", "shared files append only") {
            roles.insert(.appendFiles)
        }
        if text.containsWords("output files", "output file", "outputs", "per agent files", "per agent output") {
            roles.insert(.outputs)
        }
        if isPreamble(text) { roles.insert(.preamble) }
        if isOrder(text) { roles.insert(.order) }
        if text.hasPrefix("commit") { roles.insert(.commit) }
        if text.containsWords("test", "tests", "testing", "verify", "verification", "validation") {
            roles.insert(.test)
        }
        if isTasks(text) { roles.insert(.tasks) }
        if text.containsWords("read", "read first", "reading", "reference", "references", "context") {
            roles.insert(.reading)
        }
        if text.containsWords("pre flight", "preflight", "prerequisites", "before you start", "setup") {
            roles.insert(.preFlight)
        }
        if isAfterAgents(text) { roles.insert(.afterAgents) }
        if text.containsWords("report", "summary", "status", "results", "signal done", "checkquad", "handoff") {
            roles.insert(.report)
        }
        return roles
    }

    private static let fileHeadings: Set<String> = [
        "files", "file", "files to modify", "files to create", "files to edit", "files to change", "files to touch",
        "files to create modify", "files to modify create", "files to create or modify", "files modified",
        "files created", "files changed", "files touched", "new files", "modified files", "created files",
        "file scope", "files in scope", "your files", "allowed files", "files allowed", "creates", "modifies",
    ]

    private static func isDenial(_ text: String) -> Bool {
        text.containsWords(
            "not touch", "never touch", "don't touch", "not modify", "never modify", "don't modify", "not edit",
            "never edit", "don't edit", "not change", "never change", "don't change", "not own", "don't own",
            "off limits", "forbidden", "forbidden files", "hands off", "not yours", "no touch", "untouchable",
            "denied", "deny", "read only files", "read only"
        )
    }

    private static func isOwnership(_ text: String) -> Bool {
        text.containsWords(
            "own", "owns", "owned", "ownership", "owner", "owners", "exclusive files", "files you may edit",
            "files you may touch", "files you may modify", "files you can edit", "files you can touch",
            "may touch", "may edit", "may modify", "allowed to touch", "allowed to edit", "file matrix",
            "file assignment",
            "file assignments", "file allocation", "file map"
        )
    }

    private static func isPreamble(_ text: String) -> Bool {
        let speaksOfPrompts =
            text.containsWords("each", "every", "all")
            && text.containsWords("prompt", "prompts", "agent prompt", "agent prompts")
        let starts = text.containsWords(
            "start with", "starts with", "begin with", "begins with", "include", "includes", "prepend", "prefix",
            "paste",
            "verbatim", "contain"
        )
        return (speaksOfPrompts && starts)
            || text.containsWords(
                "preamble", "include verbatim", "shared preamble", "common preamble", "shared rules", "common rules",
                "shared instructions", "common instructions", "rules for all agents", "rules for every agent",
                "rules for each agent", "shared prompt", "common prompt", "prompt header", "shared context",
                "common header"
            )
    }

    static func isOrder(_ text: String) -> Bool {
        !text.containsWords("push order")
            && text.containsWords(
                "merge order", "merging order", "merge sequence", "build order", "launch order", "execution order",
                "landing order", "land order", "integration order", "dependency order", "order of merge",
                "order of merging", "merge in this order", "merge in order", "in this order", "in the following order",
                "in the order", "dependencies", "dependency", "dependency graph", "sequencing", "start order"
            )
    }

    private static func isTasks(_ text: String) -> Bool {
        text.containsWords(
            "task", "tasks", "build", "your task", "implementation", "implement", "what to build", "work", "steps",
            "scope"
        )
    }

    private static func isAfterAgents(_ text: String) -> Bool {
        text.containsWords(
            "post agent", "post agents", "post merge", "after all agents", "after agents", "after the agents",
            "after merge", "after merging", "after both agents", "merge", "merging", "integrate", "integration", "land",
            "landing", "consolidation", "consolidate", "wrap up", "finish", "ship", "release", "push", "deploy",
            "final",
            "close", "completion", "orchestrator"
        )
    }
}
