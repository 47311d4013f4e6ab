import LatencyHistogram
import Testing

@testable import PerfDashboard

@Suite struct ChangeTests {
    private func figures(_ count: Int, median: Double, failing: Int = 0, seed: UInt64) -> Figures {
        var random = SplitMix(seed: seed)
        var fine = LatencyHistogram()
        var failed = LatencyHistogram()
        for index in 0..<count {
            let latency = random.latency(median: median, spread: 0.5)
            if index < failing { failed.record(latency) } else { fine.record(latency) }
        }
        var figures = Figures()
        figures.add(fine, status: 200)
        figures.add(failed, status: 503)
        return figures
    }

    @Test func calls30PercentMoreWorseAndBackBetter() {
        let before = figures(5000, median: 20, seed: 1)
        let now = figures(5000, median: 26, seed: 2)
        #expect(Change(from: before.p95, to: now.p95).trend == .worse)
        #expect(Change(from: now.p95, to: before.p95).trend == .better)
    }

    @Test(arguments: 1...40)
    func callsTheSameTrafficTheSame(seed: UInt64) {
        let before = figures(2000, median: 20, seed: seed)
        let now = figures(2000, median: 20, seed: seed + 1000)
        #expect(Change(from: before.p95, to: now.p95).trend == .same)
    }

    @Test func cannotTellFromTooFew() {
        let change = Change(from: figures(9, median: 20, seed: 1).p95, to: figures(500, median: 90, seed: 2).p95)
        #expect(change.trend == .unknown)
        #expect(change.relative == nil)
    }

    @Test func doesNotCallATinyDifferenceBetweenManyRequestsWorse() {
        let before = figures(200_000, median: 20, seed: 1)
        let now = figures(200_000, median: 20.6, seed: 2)
        #expect(Change(from: before.p50, to: now.p50).trend == .same)
    }

    @Test func judgesErrorRatesByTwoProportions() {
        let few = figures(1000, median: 5, failing: 2, seed: 1)
        let more = figures(1000, median: 5, failing: 6, seed: 2)
        let many = figures(1000, median: 5, failing: 40, seed: 3)
        #expect(Change(ofErrorRateFrom: few, to: more).trend == .same)
        #expect(Change(ofErrorRateFrom: few, to: many).trend == .worse)
        #expect(Change(ofErrorRateFrom: many, to: few).trend == .better)
        #expect(Change(ofErrorRateFrom: Figures(), to: many).trend == .unknown)
    }

    @Test func countsErrorsByStatusClass() {
        var figures = Figures()
        var one = LatencyHistogram()
        one.record(1000)
        for status in [0, 200, 304, 404, 499, 500, 599] { figures.add(one, status: status) }
        #expect(figures.requests == 7)
        #expect(figures.serverErrors == 2)
        #expect(figures.clientErrors == 2)
        #expect(StatusClass.all(of: figures).map(\.name) == ["unknown", "2xx", "3xx", "4xx", "5xx"])
    }
}
