import LatencyHistogram
import Synchronization

/// Streams of random numbers, one for every few threads; a single one when seeded, so that draws can be repeated.
final class RandomStreams: @unchecked Sendable {
    // Unchecked because of the pointer: it is set once in `init`, freed in `deinit`, and leads to atomics only.

    private let states: UnsafeMutablePointer<Atomic<UInt64>>
    private let mask: Int

    /// Neighbouring streams are two cache lines apart (128 bytes: processors fetch lines in pairs).
    private static let stride = 16
    private static let count = 16

    init(seed: UInt64?) {
        let count = seed == nil ? Self.count : 1
        mask = count - 1
        states = .allocate(capacity: count * Self.stride)
        for state in 0..<count * Self.stride {
            (states + state).initialize(to: Atomic(seed ?? UInt64.random(in: .min ... .max)))
        }
    }

    deinit {
        states.deinitialize(count: (mask + 1) * Self.stride)
        states.deallocate()
    }

    /// The next number of the thread's stream, by SplitMix64 (Steele, Lea and Flood 2014).
    ///
    /// Load and store rather than one addition: two threads that meet here may draw the same number, which hurts nothing
    /// and costs a fifth.
    @inline(__always)
    func next(on thread: ThreadIdentity) -> UInt64 {
        let state = states + (thread.number & mask) &* Self.stride
        var z = state.pointee.load(ordering: .relaxed) &+ 0x9E37_79B9_7F4A_7C15
        state.pointee.store(z, ordering: .relaxed)
        z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z &>> 31)
    }
}
