extension SprintPlan {
    /// The rules a plan sets for every agent.
    public struct Rules: Sendable, Hashable {
        /// Minutes within which an agent has to make its first commit; nil when the plan sets no limit.
        public var earlyCommitMinutes: Int?
        /// True when an agent may mend tests that its change breaks and that nobody else owns.
        public var mayFixOthersTests = false
        /// True when the plan forbids every change outside an agent's owned files.
        public var ownedFilesOnly = false
        /// True when agents are told not to merge into or push the main branch.
        public var forbidsMerging = false
        /// True when agents are told to report what they could not do as `BLOCKED` with a reason.
        public var reportsBlocked = false

        /// No rules.
        public init() {}
    }

    /// A command that has to pass after the merge.
    public struct TestCommand: Sendable, Hashable {
        /// The shell command as the plan writes it.
        public var command: String
        /// Lines that the plan runs before it in the same shell, such as `source .venv/bin/activate`.
        public var setup: [String]
        /// The line of the plan, counted from 1.
        public var line: Int

        /// A test command.
        public init(command: String, setup: [String] = [], line: Int = 1) {
            self.command = command
            self.setup = setup
            self.line = line
        }

        /// The command with its set-up as one script: a failing set-up line fails the test.
        public var script: String {
            (setup + [command]).joined(separator: " && ")
        }
    }

    /// Files that are appended to another one after the merge: `cat CHANGELOG-sprint-74-*.md >> CHANGELOG.md`.
    public struct Concatenation: Sendable, Hashable, CustomStringConvertible {
        /// Paths and patterns of what is read, in order.
        public var sources: [OwnedPath]
        /// The file that grows.
        public var destination: OwnedPath
        /// The line of the plan, counted from 1.
        public var line: Int

        /// A concatenation.
        public init(sources: [OwnedPath], destination: OwnedPath, line: Int = 1) {
            self.sources = sources
            self.destination = destination
            self.line = line
        }

        /// The concatenation as a shell would have it.
        public var description: String {
            "cat \(sources.map(\.description).joined(separator: " ")) >> \(destination)"
        }
    }

    /// What a plan says about a conflict it foresees, such as "Resolve any EXPECTED_TABLES conflict (add
    /// request_metrics)".
    public struct ConflictPolicy: Sendable, Hashable {
        /// How such a conflict is resolved.
        public enum Resolution: Sendable, Hashable {
            /// Both sides' additions are kept.
            case keepBoth
            /// These names are added, and what the other side added is kept too.
            case add([String])
            /// In words only a person understands.
            case described
        }

        /// What conflicts: a path, a file name or a symbol such as `EXPECTED_TABLES`; nil when the policy holds for
        /// any conflict.
        public var subject: String?
        /// How it is resolved.
        public var resolution: Resolution
        /// The sentence of the plan.
        public var text: String
        /// The line of the plan, counted from 1.
        public var line: Int

        /// A conflict policy.
        public init(subject: String?, resolution: Resolution, text: String, line: Int = 1) {
            self.subject = subject
            self.resolution = resolution
            self.text = text
            self.line = line
        }
    }
}
