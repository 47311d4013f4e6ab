extension SprintPlan {
    /// One of the parallel builders of a sprint and what it may touch.
    public struct Agent: Sendable, Hashable, Identifiable {
        /// The id as the plan writes it, such as `74-1` or `2A`.
        public var id: String
        /// What the agent builds, in a few words; empty when the plan gives it no title.
        public var title: String
        /// The files the agent may create and change.
        public var owned: [OwnedFile] = []
        /// Paths the agent must not touch, the plan's general ones included.
        public var deny: [OwnedPath] = []
        /// Shared files to which the agent may append and which it may change in no other way.
        public var append: [OwnedPath] = []
        /// The agent's own output files, such as `CHANGELOG-sprint-74-1.md`: placeholders filled.
        public var outputs: [OwnedPath] = []
        /// The commit message the plan asks for.
        public var commit: String?
        /// All that the agent is told: the plan's preamble and the agent's own part, placeholders filled.
        public var prompt: String
        /// Ids of the agents that have to be done before this one starts.
        public var startsAfter: [String] = []
        /// The line of the plan, counted from 1, on which the agent is introduced.
        public var line: Int

        /// An agent that owns nothing yet.
        public init(id: String, title: String = "", prompt: String = "", line: Int = 1) {
            self.id = id
            self.title = title
            self.prompt = prompt
            self.line = line
        }

        /// What the plan says about this agent and a path.
        ///
        /// Where ownership and a denial both match, the more specific one holds (a file before a pattern, a pattern
        /// before a directory), and the denial on a tie.
        ///
        /// - Parameter path: relative to the repository's root, with `/` between its parts, as git prints it.
        public func claim(on path: String) -> Claim {
            let denial = deny.filter { $0.matches(path) }.map(\.kind).max()
            if let ownership = owned.filter({ $0.path.matches(path) }).map(\.path.kind).max(),
                denial.map({ ownership > $0 }) ?? true
            {
                return .owned
            }
            if outputs.contains(where: { $0.matches(path) }) { return .output }
            if append.contains(where: { $0.matches(path) }) { return .append }
            return denial == nil ? .unclaimed : .denied
        }
    }

    /// What a plan says about one agent and one path.
    public enum Claim: Sendable, Hashable {
        /// The agent owns the path.
        case owned
        /// The path is an output file of the agent's own.
        case output
        /// The agent may append to the path.
        case append
        /// The agent must not touch the path.
        case denied
        /// The plan says nothing about this agent and the path.
        case unclaimed
    }

    /// A file, pattern or directory that an agent owns.
    public struct OwnedFile: Sendable, Hashable {
        /// What is owned.
        public var path: OwnedPath
        /// What the plan adds in brackets or after a dash, such as `add route`; nil when it adds nothing but `NEW`.
        public var note: String?
        /// True when the plan says that the agent creates the file.
        public var isNew: Bool
        /// True when the plan says that the agent only appends to the file.
        public var isAppendOnly: Bool
        /// The line of the plan, counted from 1.
        public var line: Int

        /// A file that is owned.
        public init(
            path: OwnedPath,
            note: String? = nil,
            isNew: Bool = false,
            isAppendOnly: Bool = false,
            line: Int = 1
        ) {
            self.path = path
            self.note = note
            self.isNew = isNew
            self.isAppendOnly = isAppendOnly
            self.line = line
        }
    }
}
