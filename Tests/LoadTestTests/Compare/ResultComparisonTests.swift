import LatencyComparison
import LatencyHistogram
import Testing

@testable import LoadTest

@Suite struct ResultComparisonTests {
    /// A result of one scenario with blocks around a latency.
    private func result(milliseconds: Double, blocks: Int = 20, seed: UInt64 = 1) async throws -> LoadResult {
        let server = try ScriptedServer { _ in [.ok()] }
        var result = try await LoadRunner(try .test(server.url, requests: 5)).run()
        server.stop()
        var random = SeededGenerator(seed: seed)
        let histograms = (0..<blocks).map { _ in
            var histogram = LatencyHistogram(scale: 7)
            for _ in 0..<200 {
                histogram.record(UInt64(milliseconds * 1e6 * Double.random(in: 0.9...1.1, using: &random)))
            }
            return histogram
        }
        result.scenarios[0].durationSeconds = Double(blocks)
        result.scenarios[0].blocks = LatencyBlocks(
            seconds: 1, histograms: histograms, errors: histograms.map { _ in 0 })
        result.scenarios[0].histogram = histograms.reduce(into: LatencyHistogram(scale: 7)) { $0.merge($1) }
        result.target.url = "http://127.0.0.1:80"
        result.validity = Validity()
        return result
    }

    @Test("Slower, faster and equivalent, each with its sentence")
    func verdicts() async throws {
        let base = try await result(milliseconds: 10)
        let slow = try await result(milliseconds: 12, seed: 2)
        let same = try await result(milliseconds: 10, seed: 3)
        let slower = try ResultComparison.compare(base: [base], new: [slow])
        #expect(slower.verdict == .slower)
        #expect(slower.exitStatus == 1)
        #expect(slower.text.hasPrefix("A  http://127.0.0.1:80, 1 run\nB  http://127.0.0.1:80, 1 run\nB is 2"))
        let faster = try ResultComparison.compare(base: [slow], new: [base])
        #expect(faster.verdict == .faster)
        #expect(faster.exitStatus == 0)
        #expect(try ResultComparison.compare(base: [base], new: [same]).verdict == .equivalent)
    }

    @Test("From five runs a side on, the run is the unit")
    func runs() async throws {
        let base = try await result(milliseconds: 10)
        let slow = try await result(milliseconds: 12, seed: 2)
        let report = try ResultComparison.compare(
            base: Array(repeating: base, count: 5), new: Array(repeating: slow, count: 5))
        #expect(report.scenarios[0].blocks == 5)
        #expect(report.notes == ["the unit is the run"])
        #expect(report.verdict == .slower)
    }

    @Test("Runs that fail to different shares are not compared: an error may come faster than an answer")
    func failures() async throws {
        var base = try await result(milliseconds: 10)
        base.scenarios[0].count = 4_000
        base.scenarios[0].errorCount = 8
        var new = base
        new.scenarios[0].errorCount = 30
        // More, but within a hundredth.
        #expect(try ResultComparison.compare(base: [base], new: [new]).verdict == .equivalent)
        new.scenarios[0].errorCount = 400
        let error = #expect(throws: IncomparableError.self) {
            try ResultComparison.compare(base: [base], new: [new])
        }
        #expect(
            error?.description
                == "these runs cannot be compared: 0.2 % of the requests of one failed before and 10.0 % after, and an "
                + "error is no fast answer")
    }

    @Test("What decides latencies must be the same, and runs must be valid")
    func refusals() async throws {
        let base = try await result(milliseconds: 10)
        func refusal(_ change: (inout LoadResult) -> Void) -> String? {
            var new = base
            change(&new)
            let error = #expect(throws: IncomparableError.self) {
                try ResultComparison.compare(base: [base], new: [new])
            }
            return error?.description
        }
        #expect(
            refusal { $0.settings.rate = 5 } == "these runs cannot be compared: rates differ: closed loop and 5.0/s")
        #expect(refusal { $0.settings.concurrency = 9 } == "these runs cannot be compared: connections differ: 4 and 9")
        #expect(
            refusal { $0.target.protocol = "h2" } == "these runs cannot be compared: protocols differ: http/1.1 and h2")
        #expect(
            refusal { $0.target.url = "http://other:80" }
                == "these runs cannot be compared: target hosts differ: 127.0.0.1 and other")
        #expect(refusal { $0.machine.host = "elsewhere" }?.contains("machines differ") == true)
        #expect(
            refusal { $0.validity = Validity(stamp: .generatorBound, reasons: ["busy"]) }
                == "these runs cannot be compared: a run is GENERATOR-BOUND: busy")
        #expect(
            refusal { $0.scenarios = [] } == "these runs cannot be compared: the scenario one is not in every result")
    }
}
