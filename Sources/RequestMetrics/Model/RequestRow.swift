public import Foundation

/// One request kept as an example: a row of the table `request_metrics`.
///
/// Rows are a biased sample, all slow requests and a draw of the others, so counts and percentiles come from histograms.
/// Where rows are all there is, each counts ``weight`` times.
public struct RequestRow: Sendable, Hashable {
    /// The route's template, as in ``SeriesKey/route``.
    public var path: String

    /// The method, as in ``SeriesKey/method``.
    public var method: String

    /// The status code, 100 through 599, where it is known.
    public var statusCode: Int?

    /// How long the request took, to the last byte written, in milliseconds; at least 0.
    public var durationMilliseconds: Double

    /// When its response ended.
    public var recordedAt: Date

    /// How many requests the row stands for: 1 when it was slow, one over the draw rate when it was drawn. Not stored:
    /// ``SamplingRule/weight(ofMilliseconds:)`` tells it from the duration.
    public var weight: Double

    /// Makes a row.
    public init(
        path: String, method: String, statusCode: Int?, durationMilliseconds: Double, recordedAt: Date, weight: Double
    ) {
        self.path = path
        self.method = method
        self.statusCode = statusCode
        self.durationMilliseconds = durationMilliseconds
        self.recordedAt = recordedAt
        self.weight = weight
    }

    /// The series the row belongs to.
    public var series: SeriesKey {
        SeriesKey(route: path, method: method, status: statusCode ?? 0)
    }

    /// The duration in whole nanoseconds, clamped to what fits.
    public var nanoseconds: UInt64 {
        UInt64(exactly: (durationMilliseconds * 1_000_000).rounded()) ?? (durationMilliseconds > 0 ? .max : 0)
    }
}
