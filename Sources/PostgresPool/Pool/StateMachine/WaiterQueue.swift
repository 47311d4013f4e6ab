import DequeModule

/// Those who wait for a connection, first come, first served.
///
/// Numbers only ever grow, so the queue is sorted by them: a waiter is found by binary search. One that leaves from the
/// middle leaves a mark behind, and the marks are swept out when they outnumber the waiters, so that a full pool whose
/// callers keep giving up does not grow.
struct WaiterQueue {
    struct Waiter {
        let request: UInt64
        let isShared: Bool
        let site: AcquireSite
        let since: UInt64
        let deadline: UInt64
        fileprivate(set) var hasLeft = false
    }

    private var waiters = Deque<Waiter>()
    private var left = 0

    /// How many wait.
    var count: Int { waiters.count - left }
    /// How many of them want a connection of their own.
    private(set) var exclusiveCount = 0
    var isEmpty: Bool { count == 0 }
    /// The one whose turn it is. Never one that has left.
    var first: Waiter? { waiters.first }
    /// How many places the queue takes up in memory, for tests.
    var storedCount: Int { waiters.count }

    mutating func append(_ waiter: Waiter) {
        waiters.append(waiter)
        if !waiter.isShared { exclusiveCount += 1 }
    }

    /// Takes the first one out.
    mutating func popFirst() -> Waiter? {
        guard let first = waiters.popFirst() else { return nil }
        if !first.isShared { exclusiveCount -= 1 }
        dropMarksInFront()
        return first
    }

    /// Takes out whoever has the number.
    ///
    /// - Complexity: O(log n), amortized
    /// - Returns: nil when nobody with that number waits.
    mutating func remove(_ request: UInt64) -> Waiter? {
        var (low, high) = (0, waiters.count)
        while low < high {
            let middle = (low + high) / 2
            if waiters[middle].request < request { low = middle + 1 } else { high = middle }
        }
        guard low < waiters.count, waiters[low].request == request, !waiters[low].hasLeft else { return nil }
        waiters[low].hasLeft = true
        let waiter = waiters[low]
        left += 1
        if !waiter.isShared { exclusiveCount -= 1 }
        dropMarksInFront()
        if left > 32, left > count {
            waiters.removeAll(where: \.hasLeft)
            left = 0
        }
        return waiter
    }

    private mutating func dropMarksInFront() {
        while let first = waiters.first, first.hasLeft {
            waiters.removeFirst()
            left -= 1
        }
    }
}

/// The place in the source that asked for a connection.
struct AcquireSite: Hashable, Sendable, CustomStringConvertible {
    let file: String
    let line: UInt

    var description: String { "\(file):\(line)" }
}
