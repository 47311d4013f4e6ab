import Foundation
import LatencyHistogram
import RequestMetrics

/// Where requests fall over time and latency: one column a slot, one row a half octave, brighter for more requests.
///
/// Percentiles hide two humps and a slow tenth; this does not.
struct HeatMap {
    let frame: ChartFrame

    /// Shades from few to many, equally wide in the logarithm of the count.
    static let shades = 6

    init(_ timeline: Timeline, summary: String) {
        frame = ChartFrame(timeline: timeline, title: "Latency heat map", summary: summary)
    }

    func svg() -> String {
        let scale = frame.scale
        let columns = frame.timeline.slots.map { Self.rows(of: $0.histogram, on: scale) }
        let most = columns.joined().max() ?? 0
        var paths = Array(repeating: "", count: Self.shades + 1)
        let step = 1000 / Double(scale.rowCount)
        for (column, rows) in columns.enumerated() {
            for (row, count) in rows.enumerated() where count > 0 {
                let y = number(1000 - Double(row + 1) * step)
                paths[Self.shade(of: count, most: most)] += "M\(column) \(y)h1v\(number(step))h-1z"
            }
        }
        return frame.svg { plot in
            for shade in 1...Self.shades where !paths[shade].isEmpty {
                plot.element("path", [("class", "heat-\(shade)"), ("d", paths[shade])])
            }
        }
    }

    /// How many requests each row holds. A bucket of the histogram never straddles rows, so the counts are exact.
    static func rows(of histogram: LatencyHistogram, on scale: LatencyScale) -> [UInt64] {
        var rows = Array(repeating: UInt64(0), count: scale.rowCount)
        func add(_ count: UInt64, toRow row: Int) {
            rows[min(max(row, 0), rows.count - 1)] += count
        }
        let lowest = scale.exponents.lowerBound * scale.rowsPerOctave
        let shift = histogram.scale - (scale.rowsPerOctave - 1)
        for bucket in histogram.occupiedBuckets {
            let row = shift >= 0 ? bucket.index >> shift : bucket.index << -shift
            add(bucket.count, toRow: row - lowest)
        }
        add(histogram.zeroCount, toRow: 0)
        add(histogram.overflowCount, toRow: rows.count - 1)
        return rows
    }

    static func shade(of count: UInt64, most: UInt64) -> Int {
        guard most > 1 else { return shades / 2 }
        let share = log2(Double(count) + 1) / log2(Double(most) + 1)
        return min(shades, max(1, Int((share * Double(shades)).rounded(.up))))
    }
}
