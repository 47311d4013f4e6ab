import LatencyComparison
import LoadTest
import Testing

@Suite struct VersusRunnerTests {
    @Test("A target that is much slower is called slower, before the time is over, over the same connections")
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
        let lines = report.text.split(separator: "\n")
        #expect(lines[0] == "A  \(fast.url)" && lines[1] == "B  \(slow.url)")
        #expect(lines[2].contains(/^B is [0-9.]+ % slower at p\d\d in one, [0-9.]+ to [0-9.]+, decided in \d+ s$/))
        #expect(fast.count.received > 100)
        #expect(slow.count.received > 100)
        // Four connections and the one that found out whether the target is there, however many slices there were.
        #expect(fast.count.connections == 5)
        #expect(slow.count.connections == 5)
    }

    @Test("Connections that a target closes between slices are made anew")
    func closed() async throws {
        let server = try ScriptedServer { request in
            request.numberOnConnection == 20 ? [.ok(headers: "Connection: close\r\n"), .close] : [.ok()]
        }
        let other = try ScriptedServer { _ in [.ok()] }
        var options = try LoadOptions.test(server.url, concurrency: 2)
        options.arrivals = .constant(rate: 200)
        options.duration = .seconds(4)
        let report = try await VersusRunner(options, versus: try Target(other.url), sliceSeconds: 0.25).run()
        server.stop()
        other.stop()
        #expect(report.scenarios.count == 1)
        #expect(server.count.connections > 5)
    }

    @Test("A target that fails every request is not compared")
    func failing() async throws {
        let good = try ScriptedServer { _ in [.ok()] }
        let bad = try ScriptedServer { _ in [.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")] }
        let options = try LoadOptions.test(good.url)
        let runner = VersusRunner(options, versus: try Target(bad.url), sliceSeconds: 0.25)
        let error = await #expect(throws: IncomparableError.self) { try await runner.run() }
        good.stop()
        bad.stop()
        #expect(error?.description.hasSuffix("requests of a slice of one at \(bad.url) failed (status)") == true)
    }

    @Test("A target that fails a third of the requests is not called faster for it")
    func failingInPart() async throws {
        let good = try ScriptedServer { _ in [.pause(milliseconds: 4), .ok()] }
        let bad = try ScriptedServer { request in
            request.number.isMultiple(of: 3) ? [.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")] : [.ok()]
        }
        var options = try LoadOptions.test(good.url)
        options.duration = .seconds(4)
        let runner = VersusRunner(options, versus: try Target(bad.url), sliceSeconds: 0.25)
        let error = await #expect(throws: IncomparableError.self) { try await runner.run() }
        good.stop()
        bad.stop()
        #expect(error?.description.hasSuffix("after, and an error is no fast answer") == true)
    }

    @Test("An interruption keeps the verdict of the last look, or none")
    func interrupted() async throws {
        let interruption = Interruption()
        let server = try ScriptedServer { request in
            if request.number == 50 { interruption.raise() }
            return [.ok()]
        }
        var options = try LoadOptions.test(server.url)
        options.duration = .seconds(30)
        let runner = VersusRunner(
            options, versus: options.target, sliceSeconds: 0.25, interruption: interruption)
        let report = try await runner.run()
        server.stop()
        #expect(report.verdict == .undecided)
        #expect(report.text.contains("one: undecided after 0 blocks a side; a longer run may decide"))
    }
}
