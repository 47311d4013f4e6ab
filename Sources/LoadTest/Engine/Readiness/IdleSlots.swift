/// The slots that have nothing to do, longest idle first, in a ring of fixed size.
struct IdleSlots {
    private var ring: [Int]
    private var first = 0
    private(set) var count = 0

    init(capacity: Int) {
        ring = Array(repeating: 0, count: max(1, capacity))
    }

    /// Adds a slot that is not in the ring.
    mutating func append(_ slot: Int) {
        ring[(first + count) % ring.count] = slot
        count += 1
    }

    var next: Int? { count == 0 ? nil : ring[first] }

    mutating func removeFirst() {
        first = (first + 1) % ring.count
        count -= 1
    }
}
