/// What is wrong with a scenario file: every mistake with its place. The command ends with status 65.
public struct ScenarioFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One mistake.
    public struct Mistake: Hashable, Sendable, CustomStringConvertible {
        /// The file; a scenario's data file has mistakes of its own.
        public let file: String
        /// The line, counted from 1.
        public let line: Int
        /// What is wrong and how to mend it.
        public let problem: String

        /// `file:line: what is wrong; how to mend it`.
        public var description: String { "\(file):\(line): \(problem)" }
    }

    /// The mistakes in the order in which they stand in the file; at least one.
    public let mistakes: [Mistake]

    /// One mistake a line.
    public var description: String {
        mistakes.map(\.description).joined(separator: "\n")
    }
}
