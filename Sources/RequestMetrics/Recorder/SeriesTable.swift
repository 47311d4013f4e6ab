import Synchronization

/// Series by route and code, found without a lock.
///
/// An open-addressed table with linear probing that only ever grows fuller, up to a load of one half: an entry, once
/// published, stays where it is until the table goes. So a reader needs no more than acquiring loads. Writers take turns;
/// the recorder's lock sees to that.
final class SeriesTable: @unchecked Sendable {
    // Unchecked because of the pointers: `slots` is set once in `init`, freed in `deinit`, and leads to atomics only.
    // What these point to is retained by `insert` and released by `deinit`, so a look-up may borrow it unretained.

    private typealias Slot = Atomic<UnsafeRawPointer?>

    private let slots: UnsafeMutablePointer<Slot>
    private let mask: Int
    private let seed: UInt64

    /// Makes a table for at most `limit` series.
    init(limit: Int) {
        var capacity = 64
        while capacity < 2 * limit { capacity *= 2 }
        mask = capacity - 1
        // Random, so that nobody can choose routes that fall into one chain.
        seed = UInt64.random(in: .min ... .max)
        slots = .allocate(capacity: capacity)
        for slot in 0..<capacity { (slots + slot).initialize(to: Slot(nil)) }
    }

    deinit {
        for slot in 0...mask {
            guard let pointer = slots[slot].load(ordering: .acquiring) else { continue }
            Unmanaged<Series>.fromOpaque(pointer).release()
        }
        slots.deinitialize(count: mask + 1)
        slots.deallocate()
    }

    /// The series of `route` and `code`, borrowed: it lives as long as the table.
    @inline(__always)
    func find(_ route: String, _ code: SeriesCode) -> Unmanaged<Series>? {
        // Looking at the bytes in place spares counting a reference to the string, which threads would contend for.
        // All but strings bridged from Objective-C have them in place.
        guard
            let found = route.utf8.withContiguousStorageIfAvailable({ find(UnsafeRawBufferPointer($0), code) })
        else { return findCopy(of: route, code) }
        return found
    }

    @inline(never)
    private func findCopy(of route: String, _ code: SeriesCode) -> Unmanaged<Series>? {
        Array(route.utf8).withUnsafeBytes { find($0, code) }
    }

    @inline(__always)
    private func find(_ route: UnsafeRawBufferPointer, _ code: SeriesCode) -> Unmanaged<Series>? {
        let hash = hash(of: route, code)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while let pointer = slots[slot].load(ordering: .acquiring) {
            let candidate = Unmanaged<Series>.fromOpaque(pointer)
            if candidate._withUnsafeGuaranteedRef({ $0.hash == hash && $0.isOf(route, code) }) { return candidate }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    /// Enters a series that is not in the table. Callers take turns and stay below the limit.
    func insert(_ series: Series) {
        var slot = Int(truncatingIfNeeded: series.hash) & mask
        while slots[slot].load(ordering: .acquiring) != nil { slot = (slot &+ 1) & mask }
        let pointer = UnsafeRawPointer(Unmanaged.passRetained(series).toOpaque())
        slots[slot].store(pointer, ordering: .releasing)
    }

    /// The hash under which a series is entered.
    func hash(of route: String, _ code: SeriesCode) -> UInt64 {
        Array(route.utf8).withUnsafeBytes { hash(of: $0, code) }
    }

    /// Mixes eight bytes at a time by multiplying to 128 bits and folding (the step of wyhash, W. Yi 2019).
    @inline(__always)
    private func hash(of route: UnsafeRawBufferPointer, _ code: SeriesCode) -> UInt64 {
        var hash = seed ^ UInt64(code.rawValue) ^ UInt64(truncatingIfNeeded: route.count) << 32
        guard route.count >= 8 else {
            var rest: UInt64 = 0
            for byte in route { rest = rest << 8 | UInt64(byte) }
            return Self.mix(hash ^ rest)
        }
        var offset = 0
        while offset &+ 8 < route.count {
            hash = Self.mix(hash ^ route.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset &+= 8
        }
        // The last eight bytes, some of them for a second time: the length tells such routes apart.
        return Self.mix(hash ^ route.loadUnaligned(fromByteOffset: route.count &- 8, as: UInt64.self))
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let (high, low) = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        return high ^ low
    }
}
