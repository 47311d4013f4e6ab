import Foundation

/// Tells whether the time of day can be trusted for deleting old data.
///
/// A clock that is set far ahead, by mistake or at boot, would make everything look old. So after a leap against the
/// monotonic clock, nothing is deleted until an hour has passed without another.
struct ClockWatch {
    private var last: (date: Date, nanoseconds: UInt64)?
    private var unsteadyUntil: UInt64 = 0

    private static let leap: TimeInterval = 3600
    private static let rest: UInt64 = 3600 * 1_000_000_000

    /// Whether `date` agrees with what the monotonic clock said at the calls before.
    mutating func isSteady(_ date: Date, at nanoseconds: UInt64) -> Bool {
        defer { last = (date, nanoseconds) }
        if let last {
            let elapsed = Double(nanoseconds &- last.nanoseconds) / 1e9
            if abs(date.timeIntervalSince(last.date) - elapsed) > Self.leap { unsteadyUntil = nanoseconds &+ Self.rest }
        }
        return nanoseconds >= unsteadyUntil
    }
}
