import Foundation
import LatencyHistogram
import Synchronization

/// A bounded buffer of kept requests in a few parts, so that threads seldom wait for each other.
final class RowBuffers: Sendable {
    /// A request that was kept, not yet made into a row.
    struct Kept: Sendable {
        // Unretained, since counting references to one busy series is what threads would contend for. The registry holds
        // every series as long as the recorder lives, and the recorder is what takes rows from its buffers.
        fileprivate let reference: Unmanaged<Series>
        let nanoseconds: UInt64
        let at: Date

        var series: Series { reference.takeUnretainedValue() }
    }

    private struct Content {
        var kept: [Kept] = []
        /// Places that this part has taken and not yet filled.
        var places = 0
        var dropped: UInt64 = 0
    }

    private final class Part: Sendable {
        let content = Mutex(Content())
    }

    private let parts = (0..<16).map { _ in Part() }
    private let capacity: Int

    /// Places taken in all parts.
    private let taken = Atomic(0)
    /// How many places a part takes at once, so that it seldom asks.
    private let allotment: Int

    init(capacity: Int) {
        self.capacity = capacity
        allotment = min(max(capacity / 1024, 1), 64)
    }

    /// Keeps a request, or counts it as dropped when the buffer is full.
    ///
    /// - Parameter now: the time of day; asked for only if there is room.
    func keep(_ series: Unmanaged<Series>, _ nanoseconds: UInt64, on thread: ThreadIdentity, at now: () -> Date) {
        parts[thread.number & 15].content.withLock { content in
            if content.places == 0 { content.places = takePlaces() }
            guard content.places > 0 else {
                content.dropped += 1
                return
            }
            content.places -= 1
            content.kept.append(Kept(reference: series, nanoseconds: nanoseconds, at: now()))
        }
    }

    /// Takes what was kept, and how many were dropped, since the last call.
    func take() -> (kept: [Kept], dropped: UInt64) {
        var all: [Kept] = []
        var dropped: UInt64 = 0
        for part in parts {
            let content = part.content.withLock { content in
                defer { content = Content() }
                return content
            }
            all += content.kept
            dropped += content.dropped
            taken.wrappingSubtract(content.kept.count + content.places, ordering: .relaxed)
        }
        return (all, dropped)
    }

    private func takePlaces() -> Int {
        guard taken.load(ordering: .relaxed) < capacity else { return 0 }
        let before = taken.wrappingAdd(allotment, ordering: .relaxed).oldValue
        let granted = min(max(capacity - before, 0), allotment)
        if granted < allotment { taken.wrappingSubtract(allotment - granted, ordering: .relaxed) }
        return granted
    }
}
