public import Foundation

/// The stretches of time the dashboard shows, each up to now.
public enum PerfWindow: String, Sendable, Hashable, CaseIterable {
    case fifteenMinutes = "15m"
    case hour = "1h"
    case day = "24h"
    case week = "7d"

    /// Reads a window's name.
    ///
    /// - Throws: ``PerfWindowError`` for any other name.
    public init(parsing name: String) throws(PerfWindowError) {
        guard let window = Self(rawValue: name) else { throw PerfWindowError(name: name) }
        self = window
    }

    /// Its length in seconds.
    public var length: TimeInterval {
        switch self {
        case .fifteenMinutes: 15 * 60
        case .hour: 3600
        case .day: 24 * 3600
        case .week: 7 * 24 * 3600
        }
    }

    /// The length of one column of its charts, in seconds; whole minutes, and whole hours where only hours are kept.
    public var slot: TimeInterval {
        switch self {
        case .fifteenMinutes, .hour: 60
        case .day: 15 * 60
        case .week: 2 * 3600
        }
    }

    /// Its name in a sentence: `last 24 hours`.
    public var title: String { "last \(words)" }

    /// The stretch of the same length just before it: `24 hours before`.
    public var titleOfBefore: String { "\(words) before" }

    private var words: String {
        switch self {
        case .fifteenMinutes: "15 minutes"
        case .hour: "hour"
        case .day: "24 hours"
        case .week: "7 days"
        }
    }
}

/// A window that the dashboard does not have.
public struct PerfWindowError: Error, Hashable, CustomStringConvertible {
    /// The name as it was given.
    public let name: String

    /// What was asked for, and what there is.
    public var description: String {
        "There is no window '\(name.prefix(40))': choose one of "
            + PerfWindow.allCases.map(\.rawValue).joined(separator: ", ") + "."
    }
}
