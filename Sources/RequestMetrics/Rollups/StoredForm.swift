package import Foundation
package import LatencyHistogram

// How stores keep what every one of them keeps: histograms as bytes, times as whole seconds.

extension LatencyHistogram {
    /// Reads stored bytes; nil when they cannot be read. No bytes are an empty histogram.
    package init?(stored: Data) {
        guard !stored.isEmpty else {
            self.init()
            return
        }
        guard let histogram = try? LatencyHistogram(decoding: stored) else { return nil }
        self = histogram
    }

    /// The bytes to store.
    package var stored: Data { count == 0 ? Data() : Data(encoded()) }
}

extension Date {
    /// Whole seconds since 1970, as stores count them.
    package var storedSeconds: Int { Int(exactly: timeIntervalSince1970.rounded(.down)) ?? 0 }

    package init(storedSeconds: Int) {
        self.init(timeIntervalSince1970: TimeInterval(storedSeconds))
    }
}
