/// How a file that both the train and an agent changed came to its content, where git alone did not decide it.
public struct Resolution: Hashable, Sendable, Codable {
    /// The ways in which the runner merges by itself.
    public enum Method: String, Sendable, Codable {
        /// The base, then each side's text at its end.
        case appended
        /// Both sides' additions at one place, in the order of the train.
        case bothAdded
    }

    /// The file.
    public var path: TreePath
    /// How it was merged.
    public var method: Method
}
