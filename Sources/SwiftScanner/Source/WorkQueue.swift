import Synchronization

/// Hands out the numbers from 0 up to a count, each once, to any number of threads.
final class WorkQueue: Sendable {
    private let count: Int
    private let taken = Mutex(0)

    init(count: Int) { self.count = count }

    /// The next number; `nil` when all are taken or the queue is closed.
    func next() -> Int? {
        taken.withLock { taken in
            guard taken < count else { return nil }
            defer { taken += 1 }
            return taken
        }
    }

    /// Hands out nothing more.
    func close() { taken.withLock { $0 = count } }
}
