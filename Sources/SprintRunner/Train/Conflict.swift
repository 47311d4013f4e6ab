/// A place where an agent's work and the train cannot both be kept without a person's judgement.
public struct Conflict: Hashable, Sendable, Codable {
    /// One side of a conflict.
    public struct Side: Hashable, Sendable, Codable {
        /// The number of the first line, counted from 1.
        public var line: Int
        /// The lines, without line ends; at most 200, bytes that are no UTF-8 replaced.
        public var lines: [String]
    }

    /// The file.
    public var path: TreePath
    /// What kind of conflict git or the line merge found, in one sentence.
    public var reason: String
    /// What the train holds; `nil` when the conflict is not one of lines.
    public var train: Side?
    /// What the agent wrote; `nil` when the conflict is not one of lines.
    public var agent: Side?
}

extension Conflict.Side {
    init(_ lines: Lines, _ range: Range<Int>) {
        line = range.lowerBound + 1
        self.lines = lines.lines[range].prefix(200).map { String(decoding: $0, as: UTF8.self) }
    }
}
