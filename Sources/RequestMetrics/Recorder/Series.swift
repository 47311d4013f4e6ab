import LatencyHistogram

/// One series that a recorder counts into.
final class Series: Sendable {
    let route: String
    let code: SeriesCode
    let hash: UInt64
    let histogram: ConcurrentLatencyHistogram

    init(route: String, code: SeriesCode, hash: UInt64, scale: Int) {
        self.route = route
        self.code = code
        self.hash = hash
        histogram = ConcurrentLatencyHistogram(scale: scale)
    }

    var key: SeriesKey {
        SeriesKey(route: route, method: code.method, status: code.status, surface: code.surface)
    }
}
