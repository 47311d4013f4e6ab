import Foundation
import LatencyHistogram
import RequestMetrics

/// The horizontal axis of both charts: slots side by side, labelled in UTC.
struct Timeline {
    let slots: [TimeSlot]
    let marks: [ReleaseMark]
    /// Whether empty slots tell anything: while the store cannot be read they do not.
    var isKnown = true

    /// A point on the axis.
    struct Tick {
        /// 0 at the left edge, 1 at the right.
        let position: Double
        let label: String
        /// Whether it may be left out where there is little room.
        let isMinor: Bool
    }

    var start: Date { slots.first?.start ?? .distantPast }
    var end: Date { slots.last.map { $0.start.addingTimeInterval($0.duration) } ?? .distantPast }

    func position(of date: Date) -> Double {
        let length = end.timeIntervalSince(start)
        return length > 0 ? min(1, max(0, date.timeIntervalSince(start) / length)) : 0
    }

    /// Labels on round times, eight at most, every other one minor.
    var ticks: [Tick] {
        let length = end.timeIntervalSince(start)
        let steps: [TimeInterval] = [60, 120, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400]
        guard length > 0, let step = steps.first(where: { length / $0 <= 9 }) else { return [] }
        let first = (start.timeIntervalSince1970 / step).rounded(.up) * step
        return stride(from: first, to: end.timeIntervalSince1970, by: step).enumerated().compactMap { index, second in
            let date = Date(timeIntervalSince1970: second)
            let position = position(of: date)
            guard position < 0.97 else { return nil }
            let style: Format.TimeStyle =
                step >= 86_400 || second.truncatingRemainder(dividingBy: 86_400) == 0 ? .day : .clock
            return Tick(position: position, label: Format.time(date, style), isMinor: !index.isMultiple(of: 2))
        }
    }

    /// When a slot was, as a title says it: `13:05 to 13:20`.
    func words(for slot: TimeSlot) -> String {
        let style: Format.TimeStyle = slots.count * Int(slot.duration) > 86_400 ? .dayAndClock : .clock
        let end = slot.start.addingTimeInterval(slot.duration)
        return "\(Format.time(slot.start, style)) to \(Format.time(end, .clock)) UTC"
    }

    /// Neighbouring slots in which no process was alive, as ranges of slot numbers.
    var deadStretches: [Range<Int>] {
        guard isKnown else { return [] }
        var stretches: [Range<Int>] = []
        for (index, slot) in slots.enumerated() where !slot.isAlive && slot.histogram.isEmpty {
            if let last = stretches.last, last.upperBound == index {
                stretches[stretches.count - 1] = last.lowerBound..<(index + 1)
            } else {
                stretches.append(index..<(index + 1))
            }
        }
        return stretches
    }
}
