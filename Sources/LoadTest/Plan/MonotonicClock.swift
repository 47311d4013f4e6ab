import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The clock that no one sets: nanoseconds since the machine started.
package enum MonotonicClock {
    package static func now() -> UInt64 {
        nanoseconds(of: CLOCK_MONOTONIC)
    }

    /// The processor time that the calling thread has used, in nanoseconds.
    package static func threadTime() -> UInt64 {
        nanoseconds(of: CLOCK_THREAD_CPUTIME_ID)
    }

    /// How long the calling thread was ready to run and had no processor, in nanoseconds; `nil` where the system does
    /// not tell.
    ///
    /// Linux: the second number of `/proc/thread-self/schedstat` (Documentation/scheduler/sched-stats.rst).
    package static func threadWait() -> UInt64? {
        guard let text = try? String(contentsOfFile: "/proc/thread-self/schedstat", encoding: .utf8) else { return nil }
        return text.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }
    }

    private static func nanoseconds(of clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}

/// Seconds as whole nanoseconds; negative numbers and none are 0.
func nanoseconds(_ duration: Duration) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
}
