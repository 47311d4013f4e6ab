/// How a ``RequestRecorder`` counts, and where its bounds are.
public struct RecorderSettings: Sendable, Hashable {
    /// Buckets an octave of every histogram, as a power of two; 5 gives quantiles at most 1.1 % off. Default 5.
    public var scale = 5

    /// Which requests are kept as rows.
    public var sampling = SamplingRule()

    /// How many routes are told apart; later ones share ``SeriesKey/overflowRoute``. Default 1,000, at least 1.
    public var maximumRoutes = 1000

    /// How many series (route, method, status) are told apart; later ones go to the overflow route. Default ten for each
    /// route.
    public var maximumSeries = 10_000

    /// How many rows wait in memory for a store; more are dropped and counted. Default 10,000.
    public var maximumRows = 10_000

    /// How many minutes of counts wait in memory for a store one by one; older ones are folded into hours, and hours
    /// older than two days into days. Default 60.
    public var pendingMinutes = 60

    /// Makes the default settings.
    public init() {}
}
