import Foundation
import RequestMetrics

/// Renders the sections of a page once a tick for all of its viewers.
///
/// Time is cut into ticks of one length, the same for everybody. The first viewer of a tick has the sections rendered,
/// the others are given the same ones; nothing runs while nobody looks.
actor LivePages {
    private struct Rendered {
        let tick: Int64
        let task: Task<[PageSection], Never>
    }

    nonisolated let interval: Duration
    private let render: @Sendable (PageOptions) async -> [PageSection]
    private var rendered: [PageOptions: Rendered] = [:]

    /// Pages that are kept at most: every way to look at the overview, and some routes.
    private static let capacity = 256

    init(interval: Duration, render: @escaping @Sendable (PageOptions) async -> [PageSection]) {
        self.interval = max(interval, .milliseconds(50))
        self.render = render
    }

    /// The sections of a page as of a tick.
    func sections(_ options: PageOptions, tick: Int64) async -> [PageSection] {
        if let known = rendered[options], known.tick >= tick { return await known.task.value }
        if rendered.count >= Self.capacity { rendered = rendered.filter { $0.value.tick >= tick - 1 } }
        let task = Task { [render] in await render(options) }
        if rendered.count < Self.capacity { rendered[options] = Rendered(tick: tick, task: task) }
        return await task.value
    }

    /// The number of the tick that a moment is in.
    nonisolated func tick(at date: Date) -> Int64 {
        Int64(date.timeIntervalSince1970 / (interval / .seconds(1)))
    }

    /// How long it is to the next tick.
    nonisolated func timeToNextTick(from date: Date) -> Duration {
        let length = interval / .seconds(1)
        return .seconds(Double(tick(at: date) + 1) * length - date.timeIntervalSince1970)
    }
}
