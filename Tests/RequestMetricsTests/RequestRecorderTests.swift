import Foundation
import LatencyHistogram
import Testing

@testable import RequestMetrics

@Suite struct RequestRecorderTests {
    private func total(_ batches: [MetricsBatch]) -> [SeriesKey: UInt64] {
        batches.flatMap(\.series).reduce(into: [:]) { $0[$1.key, default: 0] += $1.histogram.count }
    }

    @Test func countsExactlyUnderManyThreadsWhileItIsCollected() async {
        let recorder = RequestRecorder(instance: "a")
        let writers = 8
        let each = 20_000
        let drained = await withTaskGroup(of: UInt64.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for request in 0..<each {
                        recorder.record(
                            route: "/r\((writer + request) % 7)", method: "GET", status: request % 3 == 0 ? 500 : 200,
                            nanoseconds: UInt64(request))
                    }
                    return 0
                }
            }
            group.addTask {
                var drained: UInt64 = 0
                for _ in 0..<50 {
                    recorder.collect()
                    if let batch = recorder.nextBatch() {
                        drained += batch.requests
                        recorder.queue.confirm(batch.sequence, at: noon, seconds: 0)
                    }
                    await Task.yield()
                }
                return drained
            }
            return await group.reduce(0, +)
        }
        let pending = recorder.pending().reduce(0) { $0 + $1.requests }
        #expect(drained + pending == UInt64(writers * each))
        #expect(recorder.statistics.recorded == UInt64(writers * each))
        #expect(recorder.statistics.pending == pending)
    }

    @Test func namesAreBoundedWhateverComes() {
        let recorder = RequestRecorder(instance: "a")
        recorder.record(route: "", method: "BREW", status: 42, nanoseconds: 1)
        recorder.record(route: "/x", method: "get", status: 999, nanoseconds: 1)
        recorder.record(route: "/x", method: "PATCH", status: -1, nanoseconds: 1)
        recorder.record(route: String(repeating: "x", count: 5000), method: "GET", status: 200, nanoseconds: 1)
        #expect(
            total(recorder.pending()) == [
                SeriesKey(route: "_unmatched", method: "_OTHER", status: 0): 1,
                SeriesKey(route: "/x", method: "_OTHER", status: 0): 1,
                SeriesKey(route: "/x", method: "PATCH", status: 0): 1,
                SeriesKey(route: "_overflow", method: "GET", status: 200): 1,
            ])
    }

    @Test func hundredThousandPathsShareTheOverflowRouteAfterTheFirstThousand() {
        let logs = LogCollector()
        let recorder = RequestRecorder(instance: "a", logger: logs.logger)
        for number in 0..<100_000 {
            recorder.record(route: "/scan/\(number)", method: "GET", status: 404, nanoseconds: 10)
        }
        let counts = total(recorder.pending())
        #expect(counts.count == 1001)
        #expect(counts[SeriesKey(route: "_overflow", method: "GET", status: 404)] == 99_000)
        #expect(counts[SeriesKey(route: "/scan/999", method: "GET", status: 404)] == 1)
        #expect(recorder.statistics.routes == 1000)
        #expect(recorder.statistics.overflowed == 99_000)
        #expect(
            logs.messages == [
                "Too many routes: from now on new ones are counted together. Record route templates, not paths."
            ])
    }

    @Test func aKnownRouteMayHaveANewStatusWhenAllRoutesAreTaken() {
        var settings = RecorderSettings()
        settings.maximumRoutes = 2
        let recorder = RequestRecorder(settings: settings, instance: "a")
        for route in ["/a", "/b", "/c"] { recorder.record(route: route, method: "GET", status: 200, nanoseconds: 1) }
        recorder.record(route: "/a", method: "GET", status: 503, nanoseconds: 1)
        recorder.record(route: "/c", method: "GET", status: 503, nanoseconds: 1)
        let counts = total(recorder.pending())
        #expect(counts[SeriesKey(route: "/a", method: "GET", status: 503)] == 1)
        #expect(counts[SeriesKey(route: "_overflow", method: "GET", status: 200)] == 1)
        #expect(counts[SeriesKey(route: "_overflow", method: "GET", status: 503)] == 1)
    }

    @Test func theNumberOfSeriesIsBoundedToo() {
        var settings = RecorderSettings()
        settings.maximumSeries = 20
        let recorder = RequestRecorder(settings: settings, instance: "a")
        for status in 100...599 { recorder.record(route: "/status", method: "GET", status: status, nanoseconds: 1) }
        let counts = total(recorder.pending())
        #expect(counts.filter { $0.key.route == "/status" }.count == 20)
        #expect(counts.values.reduce(0, +) == 500)
    }

    @Test func aSeriesAtHandCountsAsTheNameDoes() {
        let recorder = RequestRecorder(instance: "a")
        let series = recorder.series(route: "/permits/{id}", method: "GET", status: 200)
        series.record(.milliseconds(3))
        series.record(nanoseconds: 5)
        recorder.record(route: "/permits/{id}", method: "GET", status: 200, duration: .seconds(-1))
        #expect(series.key == .permit)
        #expect(total(recorder.pending()) == [.permit: 3])
    }

    @Test func theSurfacesAreApart() {
        let recorder = RequestRecorder(instance: "a")
        recorder.record(route: "/x", method: "GET", status: 200, nanoseconds: 1_000_000_000)
        recorder.record(route: "/x", method: "GET", status: 200, nanoseconds: 1_000_000_000, surface: .dashboard)
        recorder.collect()
        let batch = recorder.nextBatch()
        #expect(batch?.series.count == 2)
        #expect(batch?.rows.count == 1, "the dashboard's requests are no examples")
    }

    @Test func slowRequestsAreAlwaysKeptAndTheRestByDraw() {
        var settings = RecorderSettings()
        settings.sampling = SamplingRule(seed: 7)
        func rows() -> [Double] {
            let recorder = RequestRecorder(settings: settings, instance: "a", wallClock: { noon })
            for request in 0..<10_000 {
                recorder.record(
                    route: "/x", method: "GET", status: 200, nanoseconds: request % 100 == 0 ? 200_000_001 : 1_000_000)
            }
            recorder.collect()
            return (recorder.nextBatch()?.rows ?? []).map(\.weight)
        }
        let weights = rows()
        #expect(weights.filter { $0 == 1 }.count == 100)
        let drawn = weights.filter { $0 == 10 }.count
        #expect((850...1150).contains(drawn), "seed 7 drew \(drawn) of 9,900")
        #expect(rows() == weights, "the same seed draws the same")
    }

    @Test(arguments: [(0.0, 0), (1.0, 1000), (-3, 0), (.nan, 0), (7, 1000)])
    func theDrawRateIsClamped(rate: Double, kept: Int) {
        var settings = RecorderSettings()
        settings.sampling = SamplingRule(drawRate: rate)
        settings.maximumRows = 100_000
        let recorder = RequestRecorder(settings: settings, instance: "a")
        for _ in 0..<1000 { recorder.record(route: "/x", method: "GET", status: 200, nanoseconds: 1) }
        recorder.collect()
        #expect(recorder.nextBatch()?.rows.count == kept)
    }

    @Test func rowsBeyondTheBufferAreDroppedAndCounted() {
        var settings = RecorderSettings()
        settings.maximumRows = 160
        settings.sampling = SamplingRule(drawRate: 1)
        let recorder = RequestRecorder(settings: settings, instance: "a")
        for _ in 0..<1000 { recorder.record(route: "/x", method: "GET", status: 200, nanoseconds: 1) }
        recorder.collect()
        let statistics = recorder.statistics
        #expect(statistics.keptRows <= 160)
        #expect(statistics.keptRows + statistics.droppedRows == 1000)
        #expect(statistics.recorded == 1000)
    }

    @Test func theCostOfRecordingIsMeasuredWhileItRuns() {
        let recorder = RequestRecorder(instance: "a")
        for _ in 0..<50_000 { recorder.record(route: "/x", method: "GET", status: 200, nanoseconds: 1) }
        #expect(recorder.statistics.measuredRequests > 0)
        #expect(recorder.statistics.nanosecondsPerRequest != nil)
    }

    @Test func instancesDifferFromStartToStart() {
        #expect(InstanceName.make() != InstanceName.make())
    }
}

@Suite struct DrainQueueTests {
    @Test func countsBelongToTheMinuteBeforeAFullMinute() {
        let clock = SettableClock(.noon(50))
        let recorder = RequestRecorder(instance: "a", wallClock: { clock.now })
        recorder.record(route: "/x", method: "GET", status: 200, nanoseconds: 1)
        clock.now = .noon(60)
        recorder.collect()
        recorder.record(route: "/x", method: "GET", status: 200, nanoseconds: 1)
        clock.now = .noon(70)
        recorder.collect()
        #expect(recorder.nextBatch()?.series.map(\.start) == [noon, .noon(60)])
    }

    @Test func aBatchStaysTheSameUntilItIsConfirmed() throws {
        let clock = SettableClock()
        let recorder = RequestRecorder(instance: "a", wallClock: { clock.now })
        recorder.record(route: "/x", method: "GET", status: 200, nanoseconds: 1)
        clock.advance(10)
        recorder.collect()
        let first = try #require(recorder.nextBatch())
        recorder.record(route: "/x", method: "GET", status: 200, nanoseconds: 1)
        clock.advance(10)
        recorder.collect()
        let again = try #require(recorder.nextBatch())
        #expect(again.sequence == first.sequence && again.series == first.series)
        #expect(recorder.pending().map(\.sequence) == [1, 2])
        #expect(recorder.pending().map(\.requests) == [1, 1])
        recorder.queue.confirm(1, at: clock.now, seconds: 0.5)
        #expect(recorder.nextBatch()?.sequence == 2)
        #expect(recorder.statistics.drained == 1)
        #expect(recorder.statistics.lastDrainSeconds == 0.5)
    }

    @Test func anIdleIntervalStillHasAHeartbeat() {
        let clock = SettableClock()
        let recorder = RequestRecorder(instance: "a", wallClock: { clock.now })
        clock.advance(10)
        recorder.collect()
        let batch = recorder.nextBatch()
        #expect(batch?.interval == noon..<(.noon(10)))
        #expect(batch?.series == [])
    }

    @Test func aLongOutageFoldsMinutesIntoHoursAndDaysAndLosesNothing() {
        let clock = SettableClock()
        let recorder = RequestRecorder(instance: "a", wallClock: { clock.now })
        let minutes = 4 * 24 * 60
        for _ in 0..<minutes {
            recorder.record(route: "/x", method: "GET", status: 200, nanoseconds: 1000)
            clock.advance(60)
            recorder.collect()
        }
        let deltas = recorder.nextBatch()?.series ?? []
        #expect(deltas.reduce(0) { $0 + $1.histogram.count } == UInt64(minutes))
        #expect(deltas.filter { $0.resolution == .minute }.count <= 61)
        #expect(deltas.count <= 61 + 49 + 4)
        #expect(deltas.allSatisfy { $0.resolution.start(of: $0.start) == $0.start })
    }

    @Test func aClockThatIsSetBackOrFarAheadLosesNothing() {
        let clock = SettableClock()
        let recorder = RequestRecorder(instance: "a", wallClock: { clock.now })
        for date in [noon, .noon(-86400 * 400), .noon(86400 * 36500), .distantPast, .noon(60)] {
            clock.now = date
            recorder.record(route: "/x", method: "GET", status: 200, nanoseconds: 1000)
            recorder.collect()
        }
        #expect(recorder.nextBatch()?.requests == 5)
    }
}
