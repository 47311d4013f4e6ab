import LatencyHistogram
import LoadTest
import Testing

@Suite struct GoalTests {
    @Test(
        "Goals are read with their units",
        arguments: [
            ("search.p95<150ms", "search", Goal.Metric.p95, 150.0), ("p99<=0.2s", nil, .p99, 200),
            ("max<900us", nil, .max, 0.9),
            ("errors<0.1%", nil, .errors, 0.001), ("errors<=0.01", nil, .errors, 0.01), ("rps>200", nil, .rps, 200),
            ("a.b.mean < 3", "a.b", .mean, 3), ("p99.9<5ms", "p99", nil, 0),
        ] as [(String, String?, Goal.Metric?, Double)])
    func reads(text: String, scenario: String?, metric: Goal.Metric?, bound: Double) throws {
        guard let metric else { return }
        let goal = try Goal(text)
        #expect(goal.scenario == scenario)
        #expect(goal.metric == metric)
        #expect(abs(goal.bound - bound) < 1e-12)
        #expect(goal.description == text)
    }

    @Test(
        "A goal that cannot be read says why",
        arguments: [
            ("p95", "goal \"p95\": it has no < or >. Example: search.p95<150ms"),
            (
                "p96<1ms",
                "goal \"p96<1ms\": \"p96\" is no metric; known are p50, p95, p99, p999, max, min, mean, errors, rps. Example: search.p95<150ms"
            ),
            (
                "p95<fast",
                "goal \"p95<fast\": \"fast\" is no bound for p95; write one like 150ms. Example: search.p95<150ms"
            ),
            (
                "errors<1ms",
                "goal \"errors<1ms\": \"1ms\" is no bound for errors; write one like 0.1%. Example: search.p95<150ms"
            ),
            (
                "p95<-1ms",
                "goal \"p95<-1ms\": \"-1ms\" is no bound for p95; write one like 150ms. Example: search.p95<150ms"
            ),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: GoalError.self) { try Goal(text) }
        #expect(error?.description == message)
    }

    @Test("Errors that come fast meet no goal on times")
    func onlyErrors() async throws {
        let server = try ScriptedServer { _ in [.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")] }
        let result = try await LoadRunner(try .test(server.url, requests: 20)).run()
        server.stop()
        #expect(result.scenarios[0].latency.p99 != nil)
        for goal in ["p99<60s", "rps>0", "errors<100%"] {
            #expect(try Goal(goal).judge(result.scenarios).map(\.isMet) == [false], "\(goal)")
        }
    }

    @Test("Goals are judged by what was measured, in each scenario they are about")
    func judges() async throws {
        let server = try ScriptedServer { request in
            request.path == "/bad" ? [.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")] : [.ok()]
        }
        let bad = Scenario(name: "bad", steps: [Step(path: "/bad")])
        var options = try LoadOptions.test(server.url, requests: 20, scenarios: [.one, bad])
        options.concurrency = 2
        let result = try await LoadRunner(options).run()
        server.stop()
        func isMet(_ goal: String) throws -> [Bool] { try Goal(goal).judge(result.scenarios).map(\.isMet) }
        #expect(try isMet("errors<1%") == [true, false])
        #expect(try isMet("bad.errors<=100%") == [true])
        #expect(try isMet("one.p99<60s") == [true])
        #expect(try isMet("one.p50<0ms") == [false])
        #expect(try isMet("rps>0") == [true, false])
        #expect(throws: GoalError.self) { try isMet("other.p50<1ms") }
    }
}
