package import Foundation

/// Which stored stretches make up a window: hours where they are complete and settled, minutes at the edges and where
/// hours are not ready. So a day of sixty routes is a few thousand histograms, however many requests they hold.
package struct WindowPlan {
    /// A stretch of time to read at one resolution.
    package struct Stretch: Equatable {
        package let resolution: Resolution
        /// In seconds since 1970.
        package let start: Int
        package var end: Int
    }

    /// What the store says of itself, read in the same snapshot as the histograms.
    package struct Facts {
        /// The time in seconds since 1970 before which minutes no longer count.
        package let floor: Int
        /// Hours whose minutes changed since they were rolled up.
        package let unsettled: Set<Int>
        /// The start of the oldest and of the newest total; nil when there is none.
        package let stored: ClosedRange<Int>?

        package init(floor: Int, unsettled: Set<Int>, stored: ClosedRange<Int>?) {
            self.floor = floor
            self.unsettled = unsettled
            self.stored = stored
        }
    }

    /// What is read for each series, in order, neighbours of one resolution joined.
    package let stretches: [Stretch]
    /// The same at the grain of the timeline: in minutes wherever they are kept and the slots are shorter than an hour.
    package let timeline: [Stretch]
    /// The whole, in full minutes or hours.
    package let interval: Range<Date>

    package init(_ query: MetricsQuery, _ facts: Facts) {
        let asked = Self.minutes(of: query.interval)
        let stretches = Self.stretches(asked, facts, isOfOneInstance: query.instance != nil)
        self.stretches = stretches
        timeline =
            query.slot < Resolution.hour.seconds ? Self.inMinutes(stretches, floor: facts.floor) : stretches
        let start = min(stretches.first?.start ?? .max, asked.lowerBound)
        let end = max(stretches.last?.end ?? start, asked.upperBound, start)
        interval = Date(storedSeconds: start)..<Date(storedSeconds: end)
    }

    /// The interval in full minutes.
    private static func minutes(of interval: Range<Date>) -> Range<Int> {
        let start = interval.lowerBound.storedSeconds
        let first = start - (start % 60 + 60) % 60
        let last = Int(exactly: (interval.upperBound.timeIntervalSince1970 / 60).rounded(.up) * 60) ?? first
        return first..<max(first, last)
    }

    private static func stretches(_ asked: Range<Int>, _ facts: Facts, isOfOneInstance: Bool) -> [Stretch] {
        // Only hours that hold anything are stepped through, however long the window is.
        guard let stored = facts.stored else { return [] }
        var stretches: [Stretch] = []
        var hour = max(asked.lowerBound - asked.lowerBound % 3600, stored.lowerBound - stored.lowerBound % 3600)
        while hour < asked.upperBound, hour <= stored.upperBound {
            let next = hour + 3600
            let isWhole = hour >= asked.lowerBound && next <= asked.upperBound
            let usesHour = hour < facts.floor || (isWhole && !facts.unsettled.contains(hour) && !isOfOneInstance)
            let stretch =
                usesHour
                ? Stretch(resolution: .hour, start: hour, end: next)
                : Stretch(resolution: .minute, start: max(hour, asked.lowerBound), end: min(next, asked.upperBound))
            if let last = stretches.last, last.resolution == stretch.resolution, last.end == stretch.start {
                stretches[stretches.count - 1].end = stretch.end
            } else {
                stretches.append(stretch)
            }
            hour = next
        }
        return stretches
    }

    private static func inMinutes(_ stretches: [Stretch], floor: Int) -> [Stretch] {
        stretches.flatMap { stretch -> [Stretch] in
            guard stretch.resolution == .hour, stretch.end > floor else { return [stretch] }
            let start = max(stretch.start, floor)
            let coarse = Stretch(resolution: .hour, start: stretch.start, end: start)
            let fine = Stretch(resolution: .minute, start: start, end: stretch.end)
            return coarse.start < coarse.end ? [coarse, fine] : [fine]
        }
    }
}
