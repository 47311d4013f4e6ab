import Synchronization

/// One thread's share of a ``ConcurrentLatencyHistogram``, or the share of all threads that have none of their own.
///
/// Bucket counts and the sum only ever grow. So the one thread that owns a stripe adds to them by a load and a store,
/// which costs a fraction of an atomic addition, and readers take differences. An octave's buckets are allocated when its
/// first value arrives, and live as long as the stripe does.
///
/// Safe to share between threads although it holds a pointer: `pages` itself never changes, what it leads to is atomic,
/// and a page, once published by a releasing exchange, is neither moved nor freed before the stripe.
struct Stripe: ~Copyable {
    /// The counters of one octave, 2^scale of them.
    typealias Page = UnsafeMutablePointer<Atomic<UInt64>>

    /// The handle of the only thread that records here; nil when any may.
    let owner: UInt64?

    private let scale: Int
    private let boundaries = BucketBoundaries.shared
    private let pages: UnsafeMutablePointer<Atomic<Page?>>
    private let sum = Atomic<UInt64>(0)
    private let least = Atomic<UInt64>(.max)
    private let greatest = Atomic<UInt64>(0)
    private let zeroCount = Atomic<UInt64>(0)
    private let overflowCount = Atomic<UInt64>(0)
    private let overflowSum = Atomic<UInt64>(0)

    /// Position 0 and 48 octaves of 2^scale positions take 49 pages.
    private static let pageCount = 49

    init(scale: Int, owner: UInt64?) {
        self.scale = scale
        self.owner = owner
        pages = .allocate(capacity: Self.pageCount)
        for page in 0..<Self.pageCount { (pages + page).initialize(to: Atomic(nil)) }
    }

    deinit {
        for page in 0..<Self.pageCount {
            if let counters = pages[page].load(ordering: .acquiring) { free(counters) }
        }
        pages.deinitialize(count: Self.pageCount)
        pages.deallocate()
    }

    /// - Parameter isOwner: whether the calling thread is ``owner``.
    @inline(__always)
    borrowing func record(_ nanoseconds: UInt64, isOwner: Bool) {
        if nanoseconds &- 1 < LatencyHistogram.highestTrackableValue {
            let position = LatencyHistogram.position(of: nanoseconds, scale: scale, in: boundaries)
            let number = position &>> scale
            let page = pages[number].load(ordering: .acquiring) ?? makePage(number)
            Self.add(1, to: page[position & ((1 &<< scale) &- 1)], isOwner)
            Self.add(nanoseconds, to: sum, isOwner)
        } else {
            recordOutside(nanoseconds)
        }
        if nanoseconds < least.load(ordering: .relaxed) { replace(least, with: nanoseconds, where: <) }
        if nanoseconds > greatest.load(ordering: .relaxed) { replace(greatest, with: nanoseconds, where: >) }
    }

    @inline(__always)
    private static func add(_ value: UInt64, to counter: borrowing Atomic<UInt64>, _ isOwner: Bool) {
        if isOwner {
            counter.store(counter.load(ordering: .relaxed) &+ value, ordering: .relaxed)
        } else {
            counter.wrappingAdd(value, ordering: .relaxed)
        }
    }

    @inline(never)
    private borrowing func recordOutside(_ nanoseconds: UInt64) {
        if nanoseconds == 0 {
            zeroCount.wrappingAdd(1, ordering: .relaxed)
            return
        }
        overflowCount.wrappingAdd(1, ordering: .relaxed)
        var current = overflowSum.load(ordering: .relaxed)
        while true {
            var total = current
            total.addSaturating(nanoseconds)
            let (exchanged, original) = overflowSum.compareExchange(
                expected: current, desired: total, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }

    /// The library's atomic `min` and `max` compare unsigned integers as signed ones in Swift 6.3.1.
    @inline(never)
    private borrowing func replace(
        _ extreme: borrowing Atomic<UInt64>, with value: UInt64, where precedes: (UInt64, UInt64) -> Bool
    ) {
        var current = extreme.load(ordering: .relaxed)
        while precedes(value, current) {
            let (exchanged, original) = extreme.compareExchange(expected: current, desired: value, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }

    @inline(never)
    private borrowing func makePage(_ number: Int) -> Page {
        let fresh = Page.allocate(capacity: 1 << scale)
        for slot in 0..<(1 << scale) { (fresh + slot).initialize(to: Atomic(0)) }
        let (exchanged, original) = pages[number].compareExchange(
            expected: nil, desired: fresh, ordering: .acquiringAndReleasing)
        guard !exchanged, let original else { return fresh }
        free(fresh)
        return original
    }

    private borrowing func free(_ page: Page) {
        page.deinitialize(count: 1 << scale)
        page.deallocate()
    }

    // MARK: - Reading

    /// Adds what grows, bucket counts and the sum, to `totals`.
    borrowing func add(to totals: inout GrowingTotals) {
        for number in 0..<Self.pageCount {
            guard let page = pages[number].load(ordering: .acquiring) else { continue }
            for slot in 0..<(1 << scale) {
                let occurrences = page[slot].load(ordering: .relaxed)
                if occurrences > 0 { totals.add(occurrences, atPosition: number << scale + slot) }
            }
        }
        totals.sum &+= sum.load(ordering: .relaxed)
    }

    /// Adds everything else to `extremes`, reading each by `take`.
    borrowing func add(
        to extremes: inout Extremes, _ take: (borrowing Atomic<UInt64>, _ empty: UInt64) -> UInt64
    ) {
        extremes.zeroCount.addSaturating(take(zeroCount, 0))
        extremes.overflowCount.addSaturating(take(overflowCount, 0))
        extremes.overflowSum.addSaturating(take(overflowSum, 0))
        extremes.least = min(extremes.least, take(least, .max))
        extremes.greatest = max(extremes.greatest, take(greatest, 0))
    }
}
