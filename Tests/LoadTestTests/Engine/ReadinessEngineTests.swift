import Foundation
import LatencyHistogram
import LoadTest
import Testing

/// The engine against a server whose own count is known.
@Suite struct ReadinessEngineTests {
    private func run(
        _ server: ScriptedServer, requests: Int = 100, concurrency: Int = 4,
        _ change: (inout LoadOptions) -> Void = { _ in }
    ) async throws -> ScenarioResult {
        var options = try LoadOptions.test(server.url, requests: requests, concurrency: concurrency)
        change(&options)
        let result = try await LoadRunner(options).run()
        server.stop()
        return try #require(result.scenarios.first)
    }

    @Test("Every request is answered and counted on both sides")
    func counts() async throws {
        let server = try ScriptedServer { _ in [.ok("hello")] }
        let result = try await run(server, requests: 500)
        #expect(result.count == 500)
        #expect(result.answered == 500)
        #expect(result.sent == 500)
        #expect(result.errorCount == 0)
        #expect(result.statusClasses == ["2xx": 500])
        #expect(result.histogram.count == 500)
        #expect(result.blocks.histograms.reduce(0) { $0 + $1.count } == 500)
        #expect(server.count.received == 500)
        #expect(result.bytesReceived == UInt64(500 * "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".utf8.count))
        // Four connections and the one that found out whether the target is there.
        #expect(server.count.connections == 5)
    }

    @Test("Chunked, ten megabytes, HEAD, no content and interim answers all count as good")
    func shapes() async throws {
        let big = String(repeating: "x", count: 10_000_000)
        let server = try ScriptedServer { request in
            switch request.path {
            case "/chunked":
                [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), .send("0\r\n\r\n")]
            case "/big": [.ok(big)]
            case "/head": [.send("HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n")]
            case "/none": [.send("HTTP/1.1 204 No Content\r\n\r\n")]
            case "/interim": [.send("HTTP/1.1 100 Continue\r\n\r\n"), .ok()]
            case "/redirect": [.send("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")]
            default: [.send("HTTP/1.1 200 OK\r\n\r\nuntil the end"), .close]
            }
        }
        let steps = ["/chunked", "/big", "/none", "/interim", "/redirect", "/close"].map { Step(path: $0) }
        let scenario = Scenario(name: "shapes", steps: steps + [Step(method: "HEAD", path: "/head")])
        let result = try await run(server, requests: 70, concurrency: 1) { $0.scenarios = [scenario] }
        #expect(result.errors == [:])
        #expect(result.count == 70)
        #expect(server.count.received == 70)
        #expect(result.statusClasses == ["2xx": 60, "3xx": 10])
        #expect(result.steps.map(\.count) == Array(repeating: 10, count: 7))
        #expect(result.bytesReceived > 100_000_000)
    }

    @Test("Each way to break a response is an error of its kind, never a hang")
    func broken() async throws {
        let server = try ScriptedServer { request in
            switch request.path {
            case "/drop": [.close]
            case "/half": [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), .close]
            case "/reset": [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), .reset]
            case "/garbage": [.send("this is not HTTP\r\n\r\n"), .close]
            default: [.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")]
            }
        }
        // POST is not sent again, so that each request meets the server once.
        let scenarios = ["/drop", "/half", "/reset", "/garbage", "/error"].map { path in
            Scenario(name: String(path.dropFirst()), steps: [Step(method: "POST", path: path)])
        }
        let result = try await LoadRunner(.test(server.url, requests: 5, concurrency: 2, scenarios: scenarios)).run()
        server.stop()
        let errors = Dictionary(uniqueKeysWithValues: result.scenarios.map { ($0.scenario, $0.errors) })
        #expect(errors["drop"] == ["closed": 5])
        #expect(errors["half"] == ["truncated": 5])
        #expect(errors["reset"].map { Set($0.keys).isSubset(of: ["reset", "truncated"]) } == true)
        #expect(errors["garbage"] == ["malformed": 5])
        #expect(errors["error"] == ["status": 5])
        #expect(result.scenarios.allSatisfy { $0.count == 5 && $0.errorCount == 5 })
    }

    @Test("A time-out is an error that stays in the tail")
    func timeout() async throws {
        let server = try ScriptedServer { _ in [.pause(milliseconds: 400), .ok()] }
        let result = try await run(server, requests: 5, concurrency: 2) { $0.requestTimeout = .milliseconds(100) }
        #expect(result.errors == ["timeout": 5])
        #expect(result.histogram.count == 5)
        #expect((result.latency.min ?? 0) >= 100)
    }

    @Test("A connection that ends after some answers is made anew; the server's count is ours")
    func closesAfterSome() async throws {
        let announced = try ScriptedServer { request in
            request.numberOnConnection == 5
                ? [.ok(headers: "Connection: close\r\n"), .close] : [.ok()]
        }
        let polite = try await run(announced, requests: 200)
        #expect(polite.errors == [:])
        #expect(polite.repeated == 0)
        #expect(announced.count.received == 200)

        let silent = try ScriptedServer { request in
            request.numberOnConnection == 5 ? [.ok(), .close] : [.ok()]
        }
        let rude = try await run(silent, requests: 200)
        #expect(rude.errors == [:])
        #expect(rude.answered == 200)
        #expect(silent.count.served == 200)
    }

    @Test("A request is sent again only where that does no harm")
    func repeats() async throws {
        let server = try ScriptedServer { request in
            request.numberOnConnection == 2 ? [.close] : [.ok()]
        }
        let scenario = Scenario(name: "post", steps: [Step(method: "POST", path: "/", body: "x")])
        let result = try await run(server, requests: 20, concurrency: 1) { $0.scenarios = [scenario] }
        #expect(result.errors == ["closed": 10])
        #expect(result.repeated == 0)
        #expect(server.count.received == 20)
    }

    @Test("The open loop counts from the due time: a stall shows in every request that was due in it")
    func stall() async throws {
        let server = try ScriptedServer { request in
            request.number == 50 ? [.pause(milliseconds: 500), .ok()] : [.ok()]
        }
        // One connection, 200 a second: 500 ms of stall hold up a hundred requests, by 500 ms down to nothing.
        let result = try await run(server, requests: 300, concurrency: 1) { $0.arrivals = .constant(rate: 200) }
        #expect(result.count == 300)
        #expect(result.errorCount == 0)
        let late = result.histogram.count - result.histogram.count(below: 100_000_000)
        #expect(late >= 75, "about eighty waited longer than 100 ms, \(late) did")
        let service = try #require(result.service.p95)
        let latency = try #require(result.latency.p95)
        #expect(latency > service + 100, "the stall is one request's service, and everybody's latency")
    }

    @Test("Requests that were due and never sent are errors that keep their waiting")
    func overload() async throws {
        let server = try ScriptedServer { _ in [.pause(milliseconds: 50), .ok()] }
        let result = try await run(server, requests: 1_000, concurrency: 1) {
            $0.arrivals = .constant(rate: 200)
            $0.duration = .seconds(1)
        }
        #expect(result.count == 200)
        let unsent = try #require(result.errors["not_sent"])
        #expect(UInt64(server.count.received) + unsent == 200)
        #expect(result.histogram.count == 200)
    }

    @Test("A schedule that ran to its end lasted until then, however early its last request ended")
    func scheduleEnds() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let result = try await run(server, concurrency: 1) {
            $0.arrivals = .constant(rate: 0.5)
            $0.duration = .seconds(1)
        }
        server.stop()
        #expect(result.count == 1)
        #expect(result.durationSeconds == 1)
        #expect(result.requestsPerSecond == 1)
    }

    @Test("Poisson arrivals come at their rate on average and repeat with their seed")
    func poisson() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let result = try await run(server, requests: 200, concurrency: 4) { $0.arrivals = .poisson(rate: 400, seed: 5) }
        #expect(result.count == 200)
        #expect(server.count.received == 200)
    }

    @Test("A refused connection in mid-run is counted, and the run ends early when everything fails")
    func refused() async throws {
        let server = try ScriptedServer { request in [.ok(headers: "Connection: close\r\n"), .close] }
        server.stop()
        let options = try LoadOptions.test(server.url, requests: 10)
        await #expect(throws: LoadError.self) { try await LoadRunner(options).run() }
    }

    @Test("An interruption ends the run and keeps what was measured")
    func interruption() async throws {
        let interruption = Interruption()
        let server = try ScriptedServer { request in
            if request.number == 100 { interruption.raise() }
            return [.ok()]
        }
        let options = try LoadOptions.test(server.url)
        let result = try await LoadRunner(options, interruption: interruption).run()
        server.stop()
        #expect(result.stoppedEarly == "interrupted")
        #expect(result.validity.stamp != .valid)
        #expect(result.scenarios[0].count >= 100)
        #expect(result.scenarios[0].answered <= UInt64(server.count.received))
    }

    @Test("Host, path, headers and body arrive as the scenario says")
    func requestBytes() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let step = Step(
            method: "PUT", path: "/x?y=1", headers: [Header("X-One", "1")], body: "payload")
        let result = try await run(server, requests: 1, concurrency: 1) {
            $0.scenarios = [Scenario(name: "put", steps: [step])]
            $0.headers = [Header("X-One", "0"), Header("X-Two", "2")]
        }
        #expect(result.errors == [:])
        let request = try #require(server.count.requests.first)
        #expect(request.body == "payload")
        #expect(
            request.head
                == "PUT /x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nX-Two: 2\r\nX-One: 1\r\nContent-Length: 7")
    }

    @Test("Values go from data and responses into later requests, made safe for their place")
    func values() async throws {
        let server = try ScriptedServer { request in
            switch request.path {
            case "/login": [.ok(#"{"user":{"ids":[7,"a b"]}}"#, headers: "X-Session: s1\r\n")]
            default: [.ok("token=<t42>")]
            }
        }
        let scenario = Scenario(
            name: "values",
            steps: [
                Step(
                    method: "POST", path: "/login", body: "{{name}}",
                    captures: [
                        Capture(name: "id", source: .json(["user", "ids", "1"])),
                        Capture(name: "session", source: .header("x-session")),
                    ]),
                Step(
                    path: "/u/{{id}}?q={{name}}", headers: [Header("Cookie", "s={{session}}")],
                    expectation: Expectation(text: "token="),
                    captures: [Capture(name: "token", source: .pattern("<(.*?)>"))]),
                Step(path: "/t/{{{token}}}"),
            ],
            data: Dataset(names: ["name"], rows: [["valencia & co"], ["x"]]))
        let result = try await run(server, requests: 6, concurrency: 1) { $0.scenarios = [scenario] }
        #expect(result.errors == [:])
        let requests = server.count.requests
        #expect(
            requests.map(\.path) == [
                "/login", "/u/a%20b?q=valencia%20%26%20co", "/t/t42", "/login", "/u/a%20b?q=x", "/t/t42",
            ])
        #expect(requests[0].body == "valencia & co")
        #expect(requests[1].head.contains("Cookie: s=s1"))
    }

    @Test("Text that is missing and values that are missing are errors of their kind")
    func expectations() async throws {
        let server = try ScriptedServer { _ in [.ok("nothing here")] }
        let text = Scenario(name: "text", steps: [Step(path: "/", expectation: Expectation(text: "something"))])
        let capture = Scenario(
            name: "capture", steps: [Step(path: "/", captures: [Capture(name: "x", source: .json(["x"]))])])
        let status = Scenario(name: "status", steps: [Step(path: "/", expectation: Expectation(statuses: [404...404]))])
        let options = try LoadOptions.test(server.url, requests: 4, scenarios: [text, capture, status])
        let result = try await LoadRunner(options).run()
        server.stop()
        #expect(result.scenarios.map(\.errors) == [["text": 4], ["capture": 4], ["status": 4]])
    }

    @Test("A mix keeps to its weights exactly")
    func mix() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        var options = try LoadOptions.test(
            server.url, requests: 100, concurrency: 1,
            scenarios: [
                Scenario(name: "often", weight: 3, steps: [Step(path: "/often")]),
                Scenario(name: "seldom", weight: 1, steps: [Step(path: "/seldom")]),
            ])
        options.isMix = true
        let result = try await LoadRunner(options).run()
        server.stop()
        #expect(result.scenarios.map(\.count) == [75, 25])
    }
}
