import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The stripes of one histogram, made when a thread first needs them.
final class StripeTable: @unchecked Sendable {
    // Unchecked because of the pointer: it is set once in `init`, freed in `deinit`, and leads to atomics only. A stripe
    // is published by a releasing exchange and lives as long as the table.

    private typealias Slot = UnsafeMutablePointer<Stripe>

    /// A power of two. More would spread threads better and cost memory in each of thousands of series.
    private static let count = 8

    private let slots: UnsafeMutablePointer<Atomic<UnsafeMutablePointer<Stripe>?>>

    init() {
        slots = .allocate(capacity: Self.count)
        for slot in 0..<Self.count { (slots + slot).initialize(to: Atomic(nil)) }
    }

    deinit {
        for slot in 0..<Self.count {
            guard let stripe = slots[slot].load(ordering: .acquiring) else { continue }
            stripe.deinitialize(count: 1)
            stripe.deallocate()
        }
        slots.deinitialize(count: Self.count)
        slots.deallocate()
    }

    /// The stripe of the calling thread, borrowed for one call.
    @inline(__always)
    func current(scale: Int) -> StripeReference {
        let slot = Self.slotOfThisThread
        return StripeReference(stripe: slots[slot].load(ordering: .acquiring) ?? makeStripe(slot, scale: scale))
    }

    func visit(_ body: (borrowing Stripe) -> Void) {
        for slot in 0..<Self.count {
            if let stripe = slots[slot].load(ordering: .acquiring) { body(stripe.pointee) }
        }
    }

    /// A thread's handle is the address of its control block, the same for its whole life. Multiplying by 2^64 / φ
    /// spreads the regular distances between such addresses over the top bits (Knuth, TAOCP 3, section 6.4).
    @inline(__always)
    private static var slotOfThisThread: Int {
        #if canImport(Darwin)
            let handle = UInt64(UInt(bitPattern: pthread_self()))
        #else
            let handle = UInt64(pthread_self())
        #endif
        return Int(truncatingIfNeeded: ((handle &>> 6) &* 0x9E37_79B9_7F4A_7C15) &>> 61)
    }

    @inline(never)
    private func makeStripe(_ slot: Int, scale: Int) -> UnsafeMutablePointer<Stripe> {
        let fresh = UnsafeMutablePointer<Stripe>.allocate(capacity: 1)
        fresh.initialize(to: Stripe(scale: scale))
        let (exchanged, original) = slots[slot].compareExchange(
            expected: nil, desired: fresh, ordering: .acquiringAndReleasing)
        guard !exchanged, let original else { return fresh }
        fresh.deinitialize(count: 1)
        fresh.deallocate()
        return original
    }
}

/// A stripe that its table keeps alive; used at once and never stored.
struct StripeReference {
    let stripe: UnsafeMutablePointer<Stripe>

    @inline(__always)
    func record(_ nanoseconds: UInt64) {
        stripe.pointee.record(nanoseconds)
    }
}
