import Synchronization

/// Who has a connection now, and whether he has used it: one word, so that to lend a connection, and to take one back that
/// was not used, takes no lock.
///
/// Each lease has a number, which the borrower's handle shows with each call. Numbers are even; the lowest bit of the word
/// says that the connection was used since the lease began. A call through a handle that somebody kept either marks the
/// lease before its end, which then looks at the connection's state, or finds that the lease is over: both change the one
/// word. What the pool runs by itself between two leases (a keep-alive) marks the next one as used, which then ends under the
/// mutex.
struct CurrentLease: ~Copyable, Sendable {
    private let word = Atomic<UInt64>(0)

    /// The number of the lease.
    var number: UInt64 { word.load(ordering: .relaxed) & ~1 }

    /// Marks the lease as used, if it is this one.
    ///
    /// - Returns: whether it is.
    func use(_ number: UInt64) -> Bool {
        let current = word.load(ordering: .relaxed)
        if current == number | 1 { return true }
        guard current == number else { return false }
        let (exchanged, original) = word.compareExchange(expected: number, desired: number | 1, ordering: .relaxed)
        return exchanged || original == number | 1
    }

    /// Ends the lease if nobody has used it.
    ///
    /// - Returns: whether it has ended.
    func endUnused(_ number: UInt64) -> Bool {
        word.compareExchange(expected: number, desired: number &+ 2, ordering: .relaxed).exchanged
    }

    /// Ends the lease. Called under the connection's mutex.
    func end() { word.store(number &+ 2, ordering: .relaxed) }
}
