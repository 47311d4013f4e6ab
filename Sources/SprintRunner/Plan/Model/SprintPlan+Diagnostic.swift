extension SprintPlan {
    /// Something the reader wants the plan's author to know.
    public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
        /// How much it matters.
        public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
            /// Worth knowing; nothing has to be done.
            case note
            /// Probably not what the author meant; the plan still runs.
            case warning
            /// The plan is refused.
            case error

            /// A note is less than a warning, and a warning less than an error.
            public static func < (left: Severity, right: Severity) -> Bool {
                let rank: [Severity] = [.note, .warning, .error]
                return (rank.firstIndex(of: left) ?? 0) < (rank.firstIndex(of: right) ?? 0)
            }
        }

        /// The line of the plan, counted from 1.
        public var line: Int
        /// How much it matters.
        public var severity: Severity
        /// What it is, for programs to tell apart.
        public var code: Code
        /// What it is for people, with the mend.
        public var message: String

        /// A diagnostic.
        public init(line: Int, severity: Severity, code: Code, message: String) {
            self.line = line
            self.severity = severity
            self.code = code
            self.message = message
        }

        /// One line: `line 12: warning: … [not-a-path]`.
        public var description: String {
            "line \(line): \(severity.rawValue): \(message) [\(code.rawValue)]"
        }
    }
}

extension SprintPlan.Diagnostic {
    /// What a diagnostic is about; `docs/sprint-plans.md` explains each.
    public struct Code: Sendable, Hashable, RawRepresentable {
        /// The code as it is printed.
        public var rawValue: String

        /// A code of this spelling.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }
    }
}
