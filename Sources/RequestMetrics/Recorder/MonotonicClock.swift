#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Nanoseconds that never go back, whatever happens to the time of day.
///
/// `ContinuousClock` would do, but its instants are 128 bits wide, and turning their difference into nanoseconds costs
/// more than recording a request does.
package enum MonotonicClock {
    /// Nanoseconds since some moment before the process started.
    @inline(__always)
    package static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
    }
}
