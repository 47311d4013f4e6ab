import Foundation
import LatencyHistogram

/// The vertical axis of both charts: logarithmic, between two powers of two in nanoseconds.
///
/// Its rows begin and end on powers of two (or of the square root of two), which are boundaries of the histogram too,
/// so that a row's count is exact and never interpolated.
struct LatencyScale {
    let exponents: Range<Int>
    let rowsPerOctave: Int

    /// The scale that holds everything the histogram holds.
    init(fitting histogram: LatencyHistogram) {
        let low = Self.exponent(of: histogram.min ?? 1_000_000)
        let high = Self.exponent(of: histogram.max ?? 1_000_000) + 1
        // Three octaves at least, so that a service with one latency does not fill the whole chart with it.
        let missing = max(0, 3 - (high - low))
        exponents = max(0, low - missing / 2)..<min(64, high + (missing + 1) / 2)
        rowsPerOctave = exponents.count <= 14 ? 2 : 1
    }

    var rowCount: Int { exponents.count * rowsPerOctave }

    /// Where a row begins, in nanoseconds; row 0 is the fastest.
    func lowerBound(ofRow row: Int) -> Double {
        exp2(Double(exponents.lowerBound) + Double(row) / Double(rowsPerOctave))
    }

    /// How far up the axis a latency stands, 0 at the bottom and 1 at the top.
    func position(of nanoseconds: Double) -> Double {
        let exponent = log2(max(nanoseconds, 1))
        return min(1, max(0, (exponent - Double(exponents.lowerBound)) / Double(exponents.count)))
    }

    /// Round latencies to label, at most about six of them.
    var ticks: [Double] {
        let decades = (0...18).map { pow(10, Double($0)) }
        let low = exp2(Double(exponents.lowerBound))
        let high = exp2(Double(exponents.upperBound))
        func within(_ factors: [Double]) -> [Double] {
            decades.flatMap { decade in factors.map { $0 * decade } }.filter { (low...high).contains($0) }
        }
        let candidates = [within([1, 2, 5]), within([1, 3]), within([1])]
        return candidates.first { $0.count <= 7 } ?? within([1])
    }

    private static func exponent(of nanoseconds: UInt64) -> Int {
        63 - max(nanoseconds, 1).leadingZeroBitCount
    }
}
