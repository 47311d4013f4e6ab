import Synchronization

/// What recording costs, measured on one request in 1,024 while the service runs.
final class RecordingCost: Sendable {
    private let total = Atomic<UInt64>(0)
    private let count = Atomic<UInt64>(0)

    /// Whether the request that drew `number` is one to measure. Looks at other bits than the draw of rows does.
    @inline(__always)
    static func isMeasured(_ number: UInt64) -> Bool { number & 1023 == 0 }

    /// Runs `body` and adds the time it took, less that of reading the clock.
    @inline(never)
    func measure(_ body: () -> Void) {
        let start = MonotonicClock.now()
        body()
        let end = MonotonicClock.now()
        let clock = MonotonicClock.now() &- end
        let elapsed = end &- start
        total.wrappingAdd(elapsed > clock ? elapsed - clock : 0, ordering: .relaxed)
        count.wrappingAdd(1, ordering: .relaxed)
    }

    /// Mean nanoseconds and how many requests they are the mean of; nil when none was measured.
    var mean: (nanoseconds: Double?, count: UInt64) {
        let count = count.load(ordering: .relaxed)
        guard count > 0 else { return (nil, 0) }
        return (Double(total.load(ordering: .relaxed)) / Double(count), count)
    }
}
