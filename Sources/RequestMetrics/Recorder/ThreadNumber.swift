#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A number that differs from thread to thread, so that threads keep off each other's cache lines.
enum ThreadNumber {
    /// 16 bits. A thread's handle is the address of its control block; multiplying by 2^64 / φ spreads the regular
    /// distances between such addresses over the top bits (Knuth, TAOCP 3, section 6.4).
    @inline(__always)
    static var current: Int {
        #if canImport(Darwin)
            let handle = UInt64(UInt(bitPattern: pthread_self()))
        #else
            let handle = UInt64(pthread_self())
        #endif
        return Int(truncatingIfNeeded: ((handle &>> 6) &* 0x9E37_79B9_7F4A_7C15) &>> 48)
    }
}
