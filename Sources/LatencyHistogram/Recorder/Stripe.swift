import Synchronization

/// One thread's share of a ``ConcurrentLatencyHistogram``.
///
/// An octave's buckets are allocated when its first value arrives, and live as long as the stripe does.
///
/// Safe to share between threads although it holds a pointer: `pages` itself never changes, what it leads to is atomic,
/// and a page, once published by a releasing exchange, is neither moved nor freed before the stripe.
struct Stripe: ~Copyable {
    /// The counters of one octave, 2^scale of them.
    typealias Page = UnsafeMutablePointer<Atomic<UInt64>>

    private let scale: Int
    private let zeroCount = Atomic<UInt64>(0)
    private let overflowCount = Atomic<UInt64>(0)
    private let sum = Atomic<UInt64>(0)
    private let overflowSum = Atomic<UInt64>(0)
    private let least = Atomic<UInt64>(.max)
    private let greatest = Atomic<UInt64>(0)
    private let pages: UnsafeMutablePointer<Atomic<Page?>>

    /// Position 0 and 48 octaves of 2^scale positions take 49 pages.
    private static let pageCount = 49

    init(scale: Int) {
        self.scale = scale
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

    @inline(__always)
    borrowing func record(_ nanoseconds: UInt64) {
        if nanoseconds &- 1 < LatencyHistogram.highestTrackableValue {
            let position = LatencyHistogram.position(of: nanoseconds, scale: scale)
            let number = position &>> scale
            let page = pages[number].load(ordering: .acquiring) ?? makePage(number)
            page[position & ((1 &<< scale) &- 1)].wrappingAdd(1, ordering: .relaxed)
            // Cannot wrap before 65,536 values of three days each.
            sum.wrappingAdd(nanoseconds, ordering: .relaxed)
        } else {
            recordOutside(nanoseconds)
        }
        if nanoseconds < least.load(ordering: .relaxed) { replace(least, with: nanoseconds, where: <) }
        if nanoseconds > greatest.load(ordering: .relaxed) { replace(greatest, with: nanoseconds, where: >) }
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

    /// Adds this stripe's counters to `totals`, reading each by `take`.
    borrowing func add(
        to totals: inout StripeTotals, _ take: (borrowing Atomic<UInt64>, _ empty: UInt64) -> UInt64
    ) {
        for number in 0..<Self.pageCount {
            guard let page = pages[number].load(ordering: .acquiring) else { continue }
            for slot in 0..<(1 << scale) where page[slot].load(ordering: .relaxed) > 0 {
                totals.add(take(page[slot], 0), atPosition: number << scale + slot)
            }
        }
        totals.zeroCount.addSaturating(take(zeroCount, 0))
        totals.overflowCount.addSaturating(take(overflowCount, 0))
        totals.sum.addSaturating(take(sum, 0))
        totals.sum.addSaturating(take(overflowSum, 0))
        totals.least = min(totals.least, take(least, .max))
        totals.greatest = max(totals.greatest, take(greatest, 0))
    }
}

/// What a snapshot has gathered from the stripes so far.
struct StripeTotals {
    private let scale: Int
    private var buckets: [UInt64]
    var zeroCount: UInt64 = 0
    var overflowCount: UInt64 = 0
    var sum: UInt64 = 0
    var least: UInt64 = .max
    var greatest: UInt64 = 0

    init(scale: Int) {
        self.scale = scale
        buckets = Array(repeating: 0, count: LatencyHistogram.positionLimit(scale: scale))
    }

    mutating func add(_ occurrences: UInt64, atPosition position: Int) {
        buckets[position].addSaturating(occurrences)
    }

    var histogram: LatencyHistogram {
        LatencyHistogram(
            scale: scale, firstPosition: 0, buckets: buckets, zeroCount: zeroCount, overflowCount: overflowCount,
            sum: sum, least: least, greatest: greatest)
    }
}
