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
        let content = Mutex<(kept: [Kept], dropped: UInt64)>(([], 0))
    }

    private let parts: [Part]
    private let capacity: Int

    private static let count = 16

    init(capacity: Int) {
        parts = (0..<Self.count).map { _ in Part() }
        self.capacity = max(capacity / Self.count, 1)
    }

    /// Keeps a request, or counts it as dropped when the thread's part is full.
    func keep(_ kept: Kept, thread: Int) {
        parts[thread % Self.count].content.withLock { content in
            if content.kept.count < capacity {
                content.kept.append(kept)
            } else {
                content.dropped &+= 1
            }
        }
    }

    /// Takes what was kept, and how many were dropped, since the last call.
    func take() -> (kept: [Kept], dropped: UInt64) {
        var taken: (kept: [Kept], dropped: UInt64) = ([], 0)
        for part in parts {
            let content = part.content.withLock { content in
                defer { content = ([], 0) }
                return content
            }
            taken.kept += content.kept
            taken.dropped &+= content.dropped
        }
        return taken
    }
}
