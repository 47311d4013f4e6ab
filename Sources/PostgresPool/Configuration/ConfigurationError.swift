/// A setting that cannot be used.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The environment variable.
    public let variable: String
    /// What it was set to.
    public let value: String
    /// What is allowed.
    public let allowed: String

    /// The variable, its value and what is allowed, in one line.
    public var description: String { "\(variable)=\(value): \(allowed)" }
}
