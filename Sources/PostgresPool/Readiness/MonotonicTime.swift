#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Nanoseconds of the clock that never jumps and counts the time asleep where the system has such a clock.
///
/// A plain integer instead of `ContinuousClock.Instant`, because acquiring a connection reads the clock twice and its
/// 128-bit arithmetic would be a tenth of the cost.
enum MonotonicTime {
    static var now: UInt64 {
        var time = timespec()
        #if canImport(Darwin)
            clock_gettime(CLOCK_MONOTONIC_RAW, &time)
        #else
            clock_gettime(CLOCK_MONOTONIC, &time)
        #endif
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension Duration {
    /// The duration in nanoseconds; zero when negative, the largest integer when it does not fit.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000)).partialValue
    }
}

extension UInt64 {
    /// The time from a moment until this one; zero when it is not past yet. Threads read the clock and then take turns,
    /// so that an event can be told of a moment that is a little before one told earlier.
    func elapsed(since moment: UInt64) -> UInt64 {
        self > moment ? self - moment : 0
    }
}
