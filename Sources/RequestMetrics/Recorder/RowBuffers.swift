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
        /// Places that are taken, kept apart from the rows so that a full buffer costs no lock.
        let taken = Atomic(0)
        let dropped = Atomic<UInt64>(0)
        let kept = Mutex<[Kept]>([])
    }

    private let parts: [Part]
    private let capacity: Int

    private static let count = 16

    init(capacity: Int) {
        parts = (0..<Self.count).map { _ in Part() }
        self.capacity = max(capacity / Self.count, 1)
    }

    /// Keeps a request, or counts it as dropped when the thread's part is full.
    ///
    /// - Parameter at: the time of day; asked for only if there is room.
    func keep(_ series: Series, _ nanoseconds: UInt64, thread: Int, at now: () -> Date) {
        let part = parts[thread % Self.count]
        guard part.taken.load(ordering: .relaxed) < capacity else {
            part.dropped.wrappingAdd(1, ordering: .relaxed)
            return
        }
        let kept = Kept(series: series, nanoseconds: nanoseconds, at: now())
        part.kept.withLock { rows in
            // Between the look and the lock others may have filled it.
            guard rows.count < capacity else {
                part.dropped.wrappingAdd(1, ordering: .relaxed)
                return
            }
            rows.append(kept)
            part.taken.store(rows.count, ordering: .relaxed)
        }
    }

    /// Takes what was kept, and how many were dropped, since the last call.
    func take() -> (kept: [Kept], dropped: UInt64) {
        var all: (kept: [Kept], dropped: UInt64) = ([], 0)
        for part in parts {
            all.kept += part.kept.withLock { rows in
                defer {
                    rows = []
                    part.taken.store(0, ordering: .relaxed)
                }
                return rows
            }
            all.dropped &+= part.dropped.exchange(0, ordering: .relaxed)
        }
        return all
    }
}
