import LatencyHistogram

/// One series of a recorder, at hand: recording into it needs no look-up.
public struct RequestSeries: Sendable {
    let recorder: RequestRecorder
    let series: Series

    /// Records a request; a negative duration counts as zero.
    public func record(_ duration: Duration) {
        record(nanoseconds: duration.nanosecondsClamped)
    }

    /// Records a request, its duration in nanoseconds.
    @inline(__always)
    public func record(nanoseconds: UInt64) {
        recorder.record(nanoseconds, in: series)
    }

    /// The name under which its requests are counted.
    public var key: SeriesKey { series.key }
}
