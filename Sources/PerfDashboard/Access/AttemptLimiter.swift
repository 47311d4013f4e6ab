import Synchronization

/// Counts wrong tokens by client address and says when to wait.
///
/// A fixed window per address: after ``limit`` failures the address waits until its window ends. At most ``capacity``
/// addresses are kept; beyond that the rest share one entry, so that many addresses cannot grow memory.
final class AttemptLimiter: Sendable {
    private struct Window {
        var failures: Int
        var end: ContinuousClock.Instant
    }

    let limit: Int
    let window: Duration
    let capacity: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    private let windows = Mutex<[String: Window]>([:])
    private static let overflow = ""

    init(
        limit: Int = 10,
        window: Duration = .seconds(60),
        capacity: Int = 1024,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.limit = limit
        self.window = window
        self.capacity = capacity
        self.now = now
    }

    /// How long the address has to wait before its next attempt, or `nil` when it may try now.
    func wait(for address: String) -> Duration? {
        let now = now()
        return windows.withLock { windows in
            let entry = windows[address] ?? (windows.count >= capacity ? windows[Self.overflow] : nil)
            guard let entry, entry.failures >= limit, now < entry.end else { return nil }
            return entry.end - now
        }
    }

    func recordFailure(from address: String) {
        let now = now()
        windows.withLock { windows in
            if windows[address] == nil, windows.count >= capacity {
                windows = windows.filter { $0.value.end > now }
            }
            let key = windows[address] != nil || windows.count < capacity ? address : Self.overflow
            var entry = windows[key] ?? Window(failures: 0, end: now + window)
            if entry.end <= now { entry = Window(failures: 0, end: now + window) }
            entry.failures += 1
            windows[key] = entry
        }
    }

    /// How many addresses are kept now.
    var count: Int { windows.withLock { $0.count } }
}
