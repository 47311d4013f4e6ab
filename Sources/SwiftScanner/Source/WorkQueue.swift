import Synchronization

/// Hands out the numbers from 0 up to a count, each once, to any number of threads.
final class WorkQueue: Sendable {
    private let count: Int
    private let taken = Mutex(0)
    private let closed = Mutex(false)

    init(count: Int) { self.count = count }

    /// The next number; `nil` when all are taken or the queue is closed.
    func next() -> Int? {
        taken.withLock { taken in
            guard taken < count else { return nil }
            defer { taken += 1 }
            return taken
        }
    }

    /// Whether nothing more is handed out because ``close()`` was called.
    var isClosed: Bool { closed.withLock { $0 } }

    /// Hands out nothing more.
    func close() {
        taken.withLock { $0 = count }
        closed.withLock { $0 = true }
    }
}
