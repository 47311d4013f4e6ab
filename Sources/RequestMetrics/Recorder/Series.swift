import LatencyHistogram

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// One series that a recorder counts into.
final class Series: @unchecked Sendable {
    // Unchecked because of the pointer: it is set and filled in `init`, freed in `deinit`, and only read in between.

    let route: String
    let code: SeriesCode
    let hash: UInt64
    let histogram: ConcurrentLatencyHistogram

    /// The route's bytes, compared in place: an array would count a reference at every look-up.
    private let bytes: UnsafeMutableRawBufferPointer

    init(route: String, code: SeriesCode, hash: UInt64, scale: Int) {
        self.route = route
        self.code = code
        self.hash = hash
        histogram = ConcurrentLatencyHistogram(scale: scale)
        bytes = .allocate(byteCount: route.utf8.count, alignment: 8)
        bytes.copyBytes(from: route.utf8)
    }

    deinit { bytes.deallocate() }

    @inline(__always)
    func isOf(_ route: UnsafeRawBufferPointer, _ code: SeriesCode) -> Bool {
        guard self.code == code, bytes.count == route.count else { return false }
        guard let own = bytes.baseAddress, let other = route.baseAddress else { return route.isEmpty }
        return memcmp(own, other, route.count) == 0
    }

    var key: SeriesKey {
        SeriesKey(route: route, method: code.method, status: code.status, surface: code.surface)
    }
}
