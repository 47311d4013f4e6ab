import Foundation
import LatencyHistogram
import RequestMetrics
import Testing

@testable import PerfDashboard

@Suite struct ChartTests {
    private let start = Date(timeIntervalSince1970: 1_795_000_020)

    private func slots(_ latencies: [[UInt64]], alive: Bool = true) -> [TimeSlot] {
        latencies.enumerated().map { index, values in
            var histogram = LatencyHistogram()
            for value in values { histogram.record(value) }
            return TimeSlot(
                start: start.addingTimeInterval(Double(index) * 60), duration: 60, histogram: histogram, isAlive: alive)
        }
    }

    @Test(arguments: [0, 1, 3, 5, 8])
    func rowsHoldEveryRequestExactly(scale: Int) {
        var random = SplitMix(seed: 3)
        var histogram = LatencyHistogram(scale: scale)
        let values = (0..<5000).map { _ in random.latency(median: 10, spread: 1.2) }
        for value in values { histogram.record(value) }
        let axis = LatencyScale(fitting: histogram)
        let rows = HeatMap.rows(of: histogram, on: axis)
        #expect(rows.reduce(0, +) == 5000)
        guard scale > 0 || axis.rowsPerOctave == 1 else { return }
        for row in rows.indices {
            let low = row == 0 ? 0 : UInt64(axis.lowerBound(ofRow: row))
            let high = row == rows.count - 1 ? UInt64.max : UInt64(axis.lowerBound(ofRow: row + 1))
            #expect(rows[row] == UInt64(values.count { $0 > low && $0 <= high }), "row \(row)")
        }
    }

    @Test func extremesHaveARow() {
        var histogram = LatencyHistogram()
        histogram.record(0)
        histogram.record(.max)
        let rows = HeatMap.rows(of: histogram, on: LatencyScale(fitting: histogram))
        #expect(rows.first == 1)
        #expect(rows.last == 1)
    }

    @Test func silenceAndDeathLookDifferent() {
        let idle = slots([[1_000_000], [], [2_000_000]])
        let dead = idle.enumerated().map { index, slot in
            var slot = slot
            slot.isAlive = index != 1
            return slot
        }
        let silent = HeatMap(Timeline(slots: idle, marks: []), summary: "").svg()
        let gone = HeatMap(Timeline(slots: dead, marks: []), summary: "").svg()
        #expect(silent.contains("class=\"idle\"") && !silent.contains("class=\"dead\""))
        #expect(gone.contains("class=\"dead\"") && !gone.contains("class=\"idle\""))
    }

    @Test func neighbouringDeadSlotsAreOneStretch() {
        let timeline = Timeline(slots: slots([[], [], [1], [], []], alive: false), marks: [])
        #expect(timeline.deadStretches == [0..<2, 3..<5])
    }

    @Test func everyMarkIsShownAndEscaped() {
        let marks = (0..<5).map {
            ReleaseMark(name: "<b onload=\"x\">\($0)", at: start.addingTimeInterval(Double($0) * 10))
        }
        let svg = PercentileLines(Timeline(slots: slots([[1_000_000]]), marks: marks), summary: "\"&<>'").svg()
        #expect(svg.components(separatedBy: "class=\"mark\"").count == 6)
        #expect(!svg.contains("<b"))
        #expect(svg.contains("&lt;b onload=&quot;x&quot;&gt;0"))
    }

    @Test func aSlotWithTooFewInterruptsTheLine() {
        let many = [UInt64](repeating: 5_000_000, count: 20)
        let svg = PercentileLines(Timeline(slots: slots([many, [1_000_000], many, many]), marks: []), summary: "").svg()
        #expect(svg.contains("d=\"M0.25 "))
        #expect(svg.contains("M2.25 "))
        #expect(!svg.contains("L1.5 "))
    }

    @Test func isWellFormed() throws {
        let store = slots([[1_000_000], [2_000_000, 90_000_000], []])
        let timeline = Timeline(slots: store, marks: [ReleaseMark(name: "a & b", at: start)])
        for svg in [HeatMap(timeline, summary: "<").svg(), PercentileLines(timeline, summary: "<").svg()] {
            #expect(try XML.isWellFormed(svg))
        }
    }

    @Test func axisStretchesOverAtLeastThreeOctaves() {
        var histogram = LatencyHistogram()
        histogram.record(5_000_000)
        let scale = LatencyScale(fitting: histogram)
        #expect(scale.exponents.count == 3)
        #expect(scale.position(of: 5_000_000) > 0 && scale.position(of: 5_000_000) < 1)
        #expect(LatencyScale(fitting: LatencyHistogram()).rowCount > 0)
        #expect((1...8).contains(scale.ticks.count))
    }

    @Test func labelsStandOnRoundTimes() {
        let hours = (0..<96).map { TimeSlot(start: start.addingTimeInterval(Double($0) * 900), duration: 900) }
        let labels = Timeline(slots: hours, marks: []).ticks.map(\.label)
        #expect((4...9).contains(labels.count))
        #expect(labels.allSatisfy { $0.hasSuffix(":00") || $0.contains(" ") })
    }
}

@Suite struct MarkupTests {
    @Test(arguments: [
        (412.0, "412 ns"), (999.6, "1 µs"), (8_240, "8.24 µs"), (1_500_000, "1.5 ms"), (212_000_000, "212 ms"),
        (999_600_000, "1 s"), (1_240_000_000, "1.24 s"), (126e9, "2.1 min"), (7_200e9, "2 h"), (0, "0 ns"),
    ])
    func writesDurations(nanoseconds: Double, text: String) {
        #expect(Format.duration(nanoseconds: nanoseconds) == text)
    }

    @Test func writesAmounts() {
        #expect(Format.count(0) == "0")
        #expect(Format.count(1_234_567) == "1,234,567")
        #expect(Format.countParts(1_234_567).number == "1.23")
        #expect(Format.percent(0) == "0 %")
        #expect(Format.percent(0.00001) == "<0.01 %")
        #expect(Format.percent(0.00017) == "0.02 %")
        #expect(Format.percent(0.125) == "12.5 %")
        #expect(Format.percent(1) == "100 %")
        #expect(Format.bytes(4_200_000) == "4.2 MB")
        #expect(Format.digits(.nan) == "–")
        #expect(Format.time(Date(timeIntervalSince1970: 0), .full) == "1970-01-01 00:00:00 UTC")
    }
}
