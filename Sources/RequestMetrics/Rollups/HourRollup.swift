package import LatencyHistogram

/// The minutes of one hour put together into the hour.
///
/// An hour is always made anew from all its minutes, so that doing it twice, or after a late batch, gives the same.
package struct HourRollup {
    /// Other instances may still bring the last seconds of an hour; waiting that many seconds saves settling it twice.
    package static let grace = 30
    /// Hours settled in one transaction, so that after an outage no writer waits long.
    package static let atOnce = 4

    /// The histograms by the series' numbers in the store.
    package private(set) var series: [Int: LatencyHistogram] = [:]
    /// All series of the service together; nil when no minute was kept.
    package private(set) var total: LatencyHistogram?
    /// Its server errors.
    package private(set) var serverErrors: Int64 = 0
    /// Histograms that could not be read and were left out.
    package private(set) var unreadable = 0

    package init() {}

    /// Adds a minute of a series; nil stands for one that cannot be read.
    package mutating func addSeries(_ number: Int, _ histogram: LatencyHistogram?) {
        guard let histogram = readable(histogram) else { return }
        series[number, default: LatencyHistogram(scale: histogram.scale)].merge(histogram)
    }

    /// Adds the total of a minute.
    package mutating func addTotal(serverErrors: Int64, _ histogram: LatencyHistogram?) {
        guard let histogram = readable(histogram) else { return }
        var total = total ?? LatencyHistogram(scale: histogram.scale)
        total.merge(histogram)
        self.total = total
        self.serverErrors &+= serverErrors
    }

    private mutating func readable(_ histogram: LatencyHistogram?) -> LatencyHistogram? {
        if histogram == nil { unreadable += 1 }
        return histogram
    }
}
