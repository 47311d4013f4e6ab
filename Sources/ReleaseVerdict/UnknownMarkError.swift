/// A mark that nobody set. The command ends with status 65.
public struct UnknownMarkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name that was asked for.
    public let name: String
    /// The latest marks there are, oldest first.
    public let known: [String]

    /// The command's exit status.
    public static let exitStatus: Int32 = 65

    /// The problem in a sentence, with the value at fault and how to mend it.
    public var description: String {
        known.isEmpty
            ? "there is no mark '\(name)', nor any other; set one with: pitwall mark '\(name)'"
            : "there is no mark '\(name)'; the latest are \(known.map { "'\($0)'" }.joined(separator: ", "))"
    }
}
