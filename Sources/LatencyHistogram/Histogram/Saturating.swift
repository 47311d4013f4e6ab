extension UInt64 {
    /// Adds and stays at the maximum instead of trapping or wrapping: a counter that is full must not end a service.
    @inline(__always)
    mutating func addSaturating(_ other: UInt64) {
        let (value, overflow) = addingReportingOverflow(other)
        self = overflow ? .max : value
    }
}

extension Duration {
    /// Whole nanoseconds, 0 for a negative duration and `UInt64.max` for one beyond 584 years.
    package var nanosecondsClamped: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return .max }
        var total = whole
        total.addSaturating(UInt64(attoseconds / 1_000_000_000))
        return total
    }
}
