#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Which thread this is.
///
/// A thread's handle is the address of its control block, the same for its whole life. Another thread can have it only
/// after the first has ended; the thread library takes a lock over ended threads' stacks before it gives one away again,
/// so the second sees all that the first wrote.
package struct ThreadIdentity: Sendable {
    /// Of all threads alive, only this one has it.
    package let handle: UInt64

    /// 16 bits, as different from thread to thread as so few can be.
    package let number: Int

    /// The calling thread.
    package static var current: ThreadIdentity {
        #if canImport(Darwin)
            let handle = UInt64(UInt(bitPattern: pthread_self()))
        #else
            let handle = UInt64(pthread_self())
        #endif
        // Multiplying by 2^64 / φ spreads the regular distances between control blocks over the top bits (Knuth, TAOCP 3,
        // section 6.4).
        let number = Int(truncatingIfNeeded: ((handle &>> 6) &* 0x9E37_79B9_7F4A_7C15) &>> 48)
        return ThreadIdentity(handle: handle, number: number)
    }
}
