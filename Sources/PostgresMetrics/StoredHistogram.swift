import Foundation
import LatencyHistogram

extension LatencyHistogram {
    /// Reads stored bytes; nil when they cannot be read. No bytes are an empty histogram.
    init?(stored: Data) {
        guard !stored.isEmpty else {
            self.init()
            return
        }
        guard let histogram = try? LatencyHistogram(decoding: stored) else { return nil }
        self = histogram
    }

    /// The bytes to store.
    var stored: Data { count == 0 ? Data() : Data(encoded()) }
}

extension Date {
    /// Whole seconds since 1970, as the store counts them.
    var wholeSeconds: Int { Int(exactly: timeIntervalSince1970.rounded(.down)) ?? 0 }

    init(wholeSeconds: Int) {
        self.init(timeIntervalSince1970: TimeInterval(wholeSeconds))
    }
}
