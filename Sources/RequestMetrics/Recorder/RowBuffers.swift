import Foundation
import Synchronization

/// A bounded buffer of kept requests in a few parts, so that threads seldom wait for each other.
final class RowBuffers: Sendable {
    /// A request that was kept, not yet made into a row.
    struct Kept: Sendable {
        let series: Series
        let nanoseconds: UInt64
        let at: Date
    }

    private final class Part: Sendable {
        let kept = Mutex<[Kept]>([])
    }

    private let parts = (0..<16).map { _ in Part() }
    private let capacity: Int

    /// Places taken in all parts, kept apart from the rows so that a full buffer costs no lock.
    private let taken = Atomic(0)
    private let dropped = Atomic<UInt64>(0)

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Keeps a request, or counts it as dropped when the buffer is full.
    ///
    /// - Parameter now: the time of day; asked for only if there is room.
    func keep(_ series: Series, _ nanoseconds: UInt64, thread: Int, at now: () -> Date) {
        guard taken.load(ordering: .relaxed) < capacity, takePlace() else {
            dropped.wrappingAdd(1, ordering: .relaxed)
            return
        }
        let kept = Kept(series: series, nanoseconds: nanoseconds, at: now())
        parts[thread % parts.count].kept.withLock { $0.append(kept) }
    }

    /// Takes what was kept, and how many were dropped, since the last call.
    func take() -> (kept: [Kept], dropped: UInt64) {
        var all: [Kept] = []
        for part in parts {
            all += part.kept.withLock { rows in
                defer { rows = [] }
                return rows
            }
        }
        taken.wrappingSubtract(all.count, ordering: .relaxed)
        return (all, dropped.exchange(0, ordering: .relaxed))
    }

    private func takePlace() -> Bool {
        if taken.wrappingAdd(1, ordering: .relaxed).oldValue < capacity { return true }
        taken.wrappingSubtract(1, ordering: .relaxed)
        return false
    }
}
