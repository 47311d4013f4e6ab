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

    /// Begins an attempt, which counts as failed until it is told to have succeeded: of many at once no more than the
    /// limit come to try.
    ///
    /// - Returns: how long the address has to wait instead; `nil` when it may try now.
    func begin(from address: String) -> Duration? {
        let now = now()
        return windows.withLock { windows in
            if windows[address] == nil, windows.count >= capacity {
                windows = windows.filter { $0.value.end > now }
            }
            let key = key(of: address, in: windows)
            var entry = windows[key] ?? Window(failures: 0, end: now + window)
            if entry.end <= now { entry = Window(failures: 0, end: now + window) }
            guard entry.failures < limit else { return entry.end - now }
            entry.failures += 1
            windows[key] = entry
            return nil
        }
    }

    /// Takes an attempt back: its token was right.
    func succeed(from address: String) {
        windows.withLock { windows in
            let key = key(of: address, in: windows)
            guard var entry = windows[key] else { return }
            entry.failures = max(0, entry.failures - 1)
            windows[key] = entry.failures > 0 ? entry : nil
        }
    }

    private func key(of address: String, in windows: [String: Window]) -> String {
        windows[address] != nil || windows.count < capacity ? address : Self.overflow
    }

    /// How many addresses are kept now.
    var count: Int { windows.withLock { $0.count } }
}
