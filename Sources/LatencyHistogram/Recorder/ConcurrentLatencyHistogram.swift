import Synchronization

/// A histogram that any number of threads record into at once, without a lock.
///
/// Every thread adds to one of a few *stripes*, chosen by the thread, so that threads seldom meet on one cache line; a
/// snapshot adds the stripes up. Memory is taken as values arrive: a stripe when its first thread records, and an
/// octave's buckets when its first value does. A series whose values span eight octaves takes about 3 KB a stripe at
/// scale 5.
///
/// No value is lost or counted twice: each is one atomic addition to one counter, and a reset takes each counter by one
/// atomic exchange. A value recorded while a snapshot is taken is in this snapshot or the next. The sum and extremes may
/// then be in the other of the two; sums over all snapshots are exact.
public final class ConcurrentLatencyHistogram: Sendable {
    /// Buckets an octave as a power of two, 0 through 8, as in ``LatencyHistogram/scale``.
    public let scale: Int

    private let stripes = StripeTable()

    /// Makes an empty recorder.
    ///
    /// - Parameter scale: buckets an octave as a power of two; clamped to 0 through 8.
    public init(scale: Int = 5) {
        self.scale = LatencyHistogram.clamped(scale)
    }

    /// Records a duration in nanoseconds; safe from any thread.
    public func record(_ nanoseconds: UInt64) {
        stripes.current(scale: scale).record(nanoseconds)
    }

    /// Records a duration; a negative one counts as zero.
    public func record(_ duration: Duration) {
        record(duration.nanosecondsClamped)
    }

    /// Takes everything recorded since the last reset, leaving the recorder empty.
    public func snapshotAndReset() -> LatencyHistogram {
        gather { counter, empty in counter.exchange(empty, ordering: .relaxed) }
    }

    /// Everything recorded since the last reset, leaving it in place.
    public func snapshot() -> LatencyHistogram {
        gather { counter, _ in counter.load(ordering: .relaxed) }
    }

    private func gather(_ take: (borrowing Atomic<UInt64>, _ empty: UInt64) -> UInt64) -> LatencyHistogram {
        var totals = StripeTotals(scale: scale)
        stripes.visit { $0.add(to: &totals, take) }
        return totals.histogram
    }
}
