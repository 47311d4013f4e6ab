import Foundation
import RequestMetrics

/// The minutes before and after a mark that are compared: whole ones only, and none that belongs to another release.
struct ComparedMinutes: Hashable {
    /// The newest minute is complete in the store once a drain has come after it.
    static let drainTime: TimeInterval = 15

    let before: Range<Date>
    let after: Range<Date>
    /// What narrowed the two; one sentence each.
    let notes: [String]

    /// Chooses the minutes.
    ///
    /// - Parameters:
    ///   - mark: The release.
    ///   - others: Other marks; the stretch between two marks belongs to the earlier one.
    ///   - window: Seconds on each side at most.
    ///   - settling: Seconds after the mark that are left out, for caches to fill.
    ///   - oldestMinute: How far back minutes are kept.
    ///   - now: The time; later minutes are not there yet.
    init(
        of mark: ReleaseMark, among others: [ReleaseMark], window: TimeInterval, settling: TimeInterval,
        oldestMinute: Date?, now: Date
    ) {
        var notes: [String] = []
        // The minute of the mark holds requests of both sides.
        let beforeEnd = Resolution.minute.start(of: mark.at)
        var beforeStart = beforeEnd.addingTimeInterval(-window)
        if let last = others.last(where: { $0.at < beforeEnd && $0.at > beforeStart }) {
            beforeStart = Self.minute(from: last.at)
            notes.append("the minutes before begin at the mark '\(last.name)'")
        }
        if let oldestMinute, oldestMinute > beforeStart {
            beforeStart = min(oldestMinute, beforeEnd)
            notes.append("minutes are kept, or counted, only since \(oldestMinute.formatted(.iso8601))")
        }
        let afterStart = Self.minute(from: mark.at).addingTimeInterval(Self.minute(from: settling))
        var afterEnd = Resolution.minute.start(of: now.addingTimeInterval(-Self.drainTime))
        afterEnd = min(afterEnd, afterStart.addingTimeInterval(window))
        if let next = others.first(where: { $0.at >= Self.minute(from: mark.at) && $0.at < afterEnd }) {
            afterEnd = Resolution.minute.start(of: next.at)
            notes.append("the minutes after end at the mark '\(next.name)'")
        }
        before = min(beforeStart, beforeEnd)..<beforeEnd
        after = afterStart..<max(afterStart, afterEnd)
        self.notes = notes
    }

    /// The first full minute at or after a time.
    private static func minute(from date: Date) -> Date {
        Date(timeIntervalSince1970: minute(from: date.timeIntervalSince1970))
    }

    private static func minute(from seconds: TimeInterval) -> TimeInterval { (seconds / 60).rounded(.up) * 60 }
}

extension Range<Date> {
    /// Whole minutes in the range.
    var minutes: Int { Int((upperBound.timeIntervalSince(lowerBound) / 60).rounded()) }
}
