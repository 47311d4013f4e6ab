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
        let hash = hash(of: route, code)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while let pointer = slots[slot].load(ordering: .acquiring) {
            let candidate = Unmanaged<Series>.fromOpaque(pointer)
            let found = candidate._withUnsafeGuaranteedRef { series in
                series.hash == hash && series.code == code && series.route == route
            }
            if found { return candidate }
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

    /// Mixes eight bytes at a time by multiplying to 128 bits and folding (the step of wyhash, W. Yi 2019).
    @inline(__always)
    func hash(of route: String, _ code: SeriesCode) -> UInt64 {
        var route = route
        return route.withUTF8 { bytes in
            var hash = seed ^ UInt64(code.rawValue) ^ UInt64(bytes.count) << 32
            var offset = 0
            let raw = UnsafeRawBufferPointer(bytes)
            while offset &+ 8 <= raw.count {
                hash = Self.mix(hash ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset &+= 8
            }
            var rest: UInt64 = 0
            while offset < raw.count {
                rest = rest << 8 | UInt64(raw[offset])
                offset &+= 1
            }
            return Self.mix(hash ^ rest)
        }
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let (high, low) = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        return high ^ low
    }
}
