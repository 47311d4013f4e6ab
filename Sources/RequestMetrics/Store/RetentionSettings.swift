public import Foundation

/// How long a store keeps what, and how much it may hold.
public struct RetentionSettings: Sendable, Hashable {
    /// How long minutes are kept, in seconds; older ones remain as hours. Default 48 hours, at least 2.
    public var minutes: TimeInterval = 48 * 3600

    /// How long hours are kept, in seconds. Default 90 days.
    public var hours: TimeInterval = 90 * 86400

    /// How long rows are kept, in seconds. Default 7 days.
    public var rows: TimeInterval = 7 * 86400

    /// Bytes the store may take; wins over age. Default 100 MB, at least ``leastBudget``; nil for no bound.
    ///
    /// What goes first: the oldest rows, then the oldest minutes, then the oldest hours.
    public var budget: Int? = 100_000_000

    /// A smaller budget would not hold the latest hours of a service.
    public static let leastBudget = 1_000_000

    /// Rows that one transaction of a trimming deletes: a few milliseconds, so that no drain waits long.
    package static let batch = 5000
    /// Transactions in one trimming; the rest is done after the next drain.
    package static let steps = 20
    /// Examples that a budget does not take.
    package static let leastRows = 1000
    /// Minutes that a budget does not take, in seconds.
    package static let leastMinutes: TimeInterval = 2 * 3600

    /// Makes the default settings.
    public init() {}
}
