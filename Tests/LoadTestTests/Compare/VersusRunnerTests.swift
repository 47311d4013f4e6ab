import LatencyComparison
import LoadTest
import Testing

@Suite struct VersusRunnerTests {
    @Test("A target that is much slower is called slower, before the time is over")
    func slower() async throws {
        let fast = try ScriptedServer { _ in [.pause(milliseconds: 2), .ok()] }
        let slow = try ScriptedServer { _ in [.pause(milliseconds: 20), .ok()] }
        var options = try LoadOptions.test(fast.url, concurrency: 4)
        options.duration = .seconds(30)
        let report = try await VersusRunner(options, versus: try Target(slow.url), sliceSeconds: 0.25).run()
        fast.stop()
        slow.stop()
        let scenario = try #require(report.scenarios.first)
        #expect(scenario.verdict == .slower)
        #expect(report.exitStatus == 1)
        #expect(scenario.decidedAfterSeconds != nil)
        #expect(try #require(scenario.metrics[0].change) > 2)
        #expect(report.text.contains("\(slow.url) is "))
        #expect(report.text.contains("slower at"))
        #expect(fast.count.received > 100)
        #expect(slow.count.received > 100)
    }
}
