/// Why a store could not do what was asked, with the value involved and how to mend it.
public struct MetricsStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is. Bounded, so that it can label a metric.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// Its name, such as `locked`.
        public let description: String

        /// Another program holds the store and did not let go in time.
        public static let locked = Self(description: "locked")
        /// No space is left for it.
        public static let full = Self(description: "full")
        /// It may be read but not written.
        public static let readOnly = Self(description: "read-only")
        /// What is stored is damaged, or is not a store at all.
        public static let corrupt = Self(description: "corrupt")
        /// It cannot be reached or opened.
        public static let unavailable = Self(description: "unavailable")
        /// Its tables are missing, or were made by another version.
        public static let schema = Self(description: "schema")
        /// The settings make no sense.
        public static let invalid = Self(description: "invalid")
        /// Anything else.
        public static let other = Self(description: "other")
    }

    /// What kind of failure it is.
    public let code: Code

    /// The file, address or setting involved. Never a password.
    public let value: String

    /// What happened.
    public let reason: String

    /// What to do about it.
    public let mend: String

    /// Makes an error.
    public init(_ code: Code, value: String, reason: String, mend: String) {
        self.code = code
        self.value = value
        self.reason = reason
        self.mend = mend
    }

    /// One line: what happened, to what, and how to mend it.
    public var description: String { "\(value): \(reason). \(mend)" }
}
