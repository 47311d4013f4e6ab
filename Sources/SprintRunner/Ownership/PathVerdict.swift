/// What one changed path means under the plan's rules.
public struct PathVerdict: Hashable, Sendable, Codable {
    /// The classes of changed paths.
    public enum Class: String, Sendable, Codable {
        /// The agent owns the path.
        case owned
        /// The agent's own output file.
        case output
        /// A shared file that only grew.
        case append
        /// New, and nobody's.
        case extra
        /// Another test mended, as the plan allows.
        case testFix = "test fix-up"
        /// Against the rules.
        case violation
    }

    /// The path.
    public var path: TreePath
    /// Its class.
    public var kind: Class
    /// Why a violation is one; `nil` otherwise.
    public var reason: String?
}
