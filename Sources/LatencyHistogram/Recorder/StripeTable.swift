import Synchronization

/// The stripes of one histogram, made when a thread first needs one.
///
/// Most threads own a stripe, which nobody else writes. Those that find no free place, because more threads record than
/// there are places, share the last one.
struct StripeTable: ~Copyable, @unchecked Sendable {
    // Unchecked because of the pointer: it is set once in `init`, freed in `deinit`, and leads to atomics only. A stripe
    // is published by a releasing exchange and lives as long as the table.

    private typealias Slot = Atomic<UnsafeMutablePointer<Stripe>?>

    /// A power of two. More would give more threads a stripe of their own and cost memory in each of
    /// thousands of series.
    private static let owned = 8

    private let scale: Int
    private let slots: UnsafeMutablePointer<Slot>

    init(scale: Int) {
        self.scale = scale
        slots = .allocate(capacity: Self.owned + 1)
        for slot in 0...Self.owned { (slots + slot).initialize(to: Slot(nil)) }
    }

    deinit {
        for slot in 0...Self.owned {
            guard let stripe = slots[slot].load(ordering: .acquiring) else { continue }
            stripe.deinitialize(count: 1)
            stripe.deallocate()
        }
        slots.deinitialize(count: Self.owned + 1)
        slots.deallocate()
    }

    @inline(__always)
    borrowing func record(_ nanoseconds: UInt64, on thread: ThreadIdentity) {
        let first = slots[thread.number & (Self.owned &- 1)].load(ordering: .acquiring)
        if let first, first.pointee.owner == thread.handle {
            first.pointee.record(nanoseconds, isOwner: true)
        } else {
            recordElsewhere(nanoseconds, on: thread)
        }
    }

    borrowing func visit(_ body: (borrowing Stripe) -> Void) {
        for slot in 0...Self.owned {
            if let stripe = slots[slot].load(ordering: .acquiring) { body(stripe.pointee) }
        }
    }

    /// The thread's first place is another's, or nobody's yet: takes the next place that is its own or free.
    @inline(never)
    private borrowing func recordElsewhere(_ nanoseconds: UInt64, on thread: ThreadIdentity) {
        let first = thread.number
        for step in 0..<Self.owned {
            let stripe = stripe(at: (first + step) % Self.owned, for: thread.handle)
            if stripe.pointee.owner == thread.handle { return stripe.pointee.record(nanoseconds, isOwner: true) }
        }
        stripe(at: Self.owned, for: nil).pointee.record(nanoseconds, isOwner: false)
    }

    /// The stripe at a place, made for `owner` if there is none.
    private borrowing func stripe(at slot: Int, for owner: UInt64?) -> UnsafeMutablePointer<Stripe> {
        if let stripe = slots[slot].load(ordering: .acquiring) { return stripe }
        let fresh = UnsafeMutablePointer<Stripe>.allocate(capacity: 1)
        fresh.initialize(to: Stripe(scale: scale, owner: owner))
        let (exchanged, original) = slots[slot].compareExchange(
            expected: nil, desired: fresh, ordering: .acquiringAndReleasing)
        guard !exchanged, let original else { return fresh }
        fresh.deinitialize(count: 1)
        fresh.deallocate()
        return original
    }
}
