import Foundation
import LoadTest
import Synchronization
import Testing

/// The command itself, as a process: its output, files and exit statuses.
@Suite struct LoadCommandTests {
    private let load: LoadProcess

    init() throws {
        load = try LoadProcess()
    }

    private var output: String { load.path("results.json") }

    @Test("The contract: JSON for each scenario, a table on stderr, the file")
    func contract() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let ended = try await load.run([
            "--url", server.url, "--concurrency", "2", "--duration", "30", "--requests", "20", "--scenario", "all",
            "--no-calibration", "--json",
        ])
        server.stop()
        #expect(ended.status == 0)
        let file = try Data(contentsOf: URL(filePath: load.path("load-test-results.json")))
        #expect(ended.out == String(decoding: file, as: UTF8.self))
        let result = try LoadResult(contentsOf: load.path("load-test-results.json"))
        #expect(result.scenarios.map(\.scenario) == ["health", "search", "demo", "landing", "sitemap"])
        #expect(result.scenarios.allSatisfy { $0.count == 20 && $0.errorCount == 0 })
        #expect(ended.err.contains("scenario  requests  errors"))
        #expect(
            Set(server.count.requests.map(\.path)) == ["/health", "/search?q=valencia", "/demo", "/", "/sitemap.xml"])
        #expect(server.count.received == 100)
    }

    @Test("Exit statuses and messages")
    func statuses() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let base = ["--url", server.url, "--requests", "5", "--no-calibration", "--output", output, "--scenario"]
        #expect(try await load.run(base + ["landing", "--goal", "p99<60s", "--goal", "errors<=0%"]).status == 0)
        let missed = try await load.run(base + ["landing", "--goal", "landing.p50<0.0001us"])
        #expect(missed.status == 1)
        #expect(missed.err.contains("MISSED landing.p50<0.0001us"))
        #expect(try LoadResult(contentsOf: output).goals.map(\.isMet) == [false])
        #expect(try await load.run(base + ["nothing"]).status == 64)
        #expect(try await load.run(base + ["landing", "--goal", "p50"]).status == 64)
        #expect(try await load.run(base + ["landing", "--goal", "health.p50<1ms"]).status == 64)
        #expect(try await load.run(base + ["landing", "--frobnicate"]).status == 64)
        #expect(try await load.run(base + ["landing", "--concurrency", "many"]).status == 64)
        let scenarioFile = load.path("bad.yml")
        try Data("scenarios:\n  - name: a\n".utf8).write(to: URL(filePath: scenarioFile))
        let bad = try await load.run(base + [scenarioFile])
        #expect(bad.status == 65)
        #expect(bad.err == "Error: \(scenarioFile):2: steps must be a list with at least one step, such as - get: /\n")
        let folderMissing = try await load.run(["--url", server.url, "--output", "/no/such/folder/x.json"])
        #expect(folderMissing.status == 69)
        server.stop()
        let refused = try await load.run(["--url", "http://127.0.0.1:\(try Nginx.freePort())", "--output", output])
        #expect(refused.status == 69)
        #expect(refused.err.contains("cannot be reached: connection refused. Is the service running there?"))
        let far = try await load.run(["--url", "http://192.0.2.1", "--output", output])
        #expect(far.status == 64)
        #expect(far.err == "Error: http://192.0.2.1 is not on this machine; if you may push it, say so with --yes\n")
    }

    @Test(
        "An option that would have no effect is refused, so that no goal passes unjudged",
        arguments: [
            ["--versus", "http://127.0.0.1:2", "--goal", "p99<1ms"],
            ["--versus", "http://127.0.0.1:2", "--find-limit", "p99<1ms"],
            ["--versus", "http://127.0.0.1:2", "--html", "x.html"],
            ["--versus", "http://127.0.0.1:2", "--requests", "5"],
            ["--html", "./results.json", "--output", "results.json"],
            ["--header", "Content-Length: 5"], ["--header", "transfer-encoding: chunked"],
            ["--find-limit", "p99<1ms", "--goal", "errors<1%"], ["--find-limit", "p99<1ms", "--rate", "5"],
            ["--insecure"], ["--ca", "/etc/hosts"], ["--versus", "http://127.0.0.1:2", "--insecure"],
            ["--versus", "http://127.0.0.1:2", "--duration", "11.9"],
            ["--ramp", "1:2"], ["--margin", "5"], ["--seed", "1"], ["--streams", "2"],
        ])
    func withoutEffect(options: [String]) async throws {
        let ended = try await load.run(["--url", "http://127.0.0.1:1", "--output", output] + options)
        #expect(ended.status == 64, "\(ended)")
    }

    @Test("Options of encryption and short comparisons are told with what to do")
    func toldWhatToDo() async throws {
        let plain = try await load.run(["--url", "http://127.0.0.1:1", "--insecure", "--output", output])
        #expect(
            plain.err
                == "Error: --insecure has no effect on http://127.0.0.1:1: nothing is encrypted there; write https://, "
                + "or leave the option out\n")
        let versus = ["--url", "http://127.0.0.1:1", "--output", output, "--versus"]
        let short = try await load.run(versus + ["http://127.0.0.1:2", "--duration", "5"])
        #expect(
            short.err
                == "Error: --duration 5.0 is too short for --versus: a verdict needs 6 pairs of slices, 12 s a scenario "
                + "at least\n")
        // One that is encrypted is enough; that nobody listens is another matter.
        let mixed = try await load.run(versus + ["https://127.0.0.1:2", "--insecure", "--duration", "12"])
        #expect(mixed.status == 69, "\(mixed)")
    }

    @Test("What was measured is seen even where its file cannot be written at the end")
    func fullDisk() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let ended = try await load.run([
            "--url", server.url, "--requests", "5", "--scenario", "landing", "--no-calibration", "--output",
            "/dev/full",
        ])
        server.stop()
        #expect(ended.status == 69)
        #expect(ended.err.contains("scenario  requests  errors"))
        #expect(ended.err.contains("Error: /dev/full: it cannot be written: "))
    }

    private func endless(_ server: ScriptedServer) -> [String] {
        [
            "--url", server.url, "--duration", "600", "--timeout", "600", "--scenario", "landing", "--no-calibration",
            "--output", output,
        ]
    }

    #if os(Linux)
        @Test("A process that is held to one core runs one event loop")
        func affinity() async throws {
            let server = try ScriptedServer { _ in [.ok()] }
            // Its first core: which ones it has depends on where the tests run.
            let first = "$(taskset -pc $$ | sed 's/.*: //; s/[-,].*//')"
            let ended = try await load.run(
                [
                    "--url", server.url, "--concurrency", "8", "--requests", "80", "--scenario", "landing",
                    "--no-calibration", "--output", output,
                ],
                after: "taskset -pc \(first) $$ >&2")
            server.stop()
            #expect(ended.status == 0, "\(ended.err)")
            let result = try LoadResult(contentsOf: output)
            #expect(result.settings.eventLoops == 1)
            #expect(result.machine.cores == 1)
            #expect(result.scenarios.map(\.count) == [80])
        }
    #endif

    @Test(
        "Ctrl-C, a polite kill and a closed terminal end the run and leave a whole file that says so",
        arguments: [SIGINT, SIGTERM, SIGHUP])
    func interrupt(signal: Int32) async throws {
        let server = try ScriptedServer { _ in [.pause(milliseconds: 2), .ok()] }
        let ended = try await load.run(endless(server)) { running in
            await server.received(20)
            running.send(signal)
        }
        server.stop()
        #expect(ended.status == 0)
        let result = try LoadResult(contentsOf: output)
        #expect(result.stoppedEarly == "interrupted")
        #expect(result.scenarios[0].count >= 20)
        #expect(ended.err.contains("stopping; once more to stop at once"))
    }

    @Test("A terminal that is gone, and told of twice, leaves a whole file")
    func terminalGone() async throws {
        let server = try ScriptedServer { _ in [.pause(milliseconds: 2), .ok()] }
        let ended = try await load.run(endless(server), onTerminal: true) { running in
            await server.received(20)
            running.closeTerminal()
            // Held up until both are there, and sure to be two: of the same signal one alone would be delivered.
            running.send(SIGHUP)
            await server.received(server.count.received + 1)
            running.send(SIGHUP)
        }
        server.stop()
        #expect(ended.status == 0)
        #expect(try LoadResult(contentsOf: output).stoppedEarly == "interrupted")
    }

    @Test("Under nohup a closed terminal ends nothing")
    func nohup() async throws {
        let server = try ScriptedServer { _ in [.pause(milliseconds: 2), .ok()] }
        let ended = try await load.run(endless(server), after: "trap '' HUP") { running in
            await server.received(20)
            running.send(SIGHUP)
            await server.received(server.count.received + 20)
            running.send(SIGTERM)
        }
        server.stop()
        #expect(ended.status == 0)
        #expect(ended.err.contains("stopping; once more to stop at once"))
    }

    @Test("A reader of stderr that is gone does not end the run")
    func readerGone() async throws {
        let server = try ScriptedServer { _ in [.pause(milliseconds: 2), .ok()] }
        let arguments = [
            "--url", server.url, "--requests", "50", "--scenario", "landing", "--no-calibration", "--output", output,
        ]
        let ended = try await load.run(arguments, after: "exec 2>/dev/full")
        #expect(ended.status == 0)
        try FileManager.default.removeItem(atPath: output)
        // The shell's end is the only reader's.
        let piped = try await load.run(arguments, throughPipeToNobody: true)
        server.stop()
        #expect(piped.status == 0)
        #expect(try LoadResult(contentsOf: output).scenarios[0].count == 50)
    }

    @Test("A result that stdout does not take is told")
    func fullDevice() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let ended = try await load.run(
            ["--url", server.url, "--requests", "5", "--scenario", "landing", "--no-calibration", "--json"],
            after: "exec >/dev/full")
        server.stop()
        #expect(ended.status == 69)
        #expect(ended.err.hasPrefix("VALID"))
        #expect(ended.err.contains("Error: stdout cannot be written: "))
    }

    @Test("A second signal stops at once, without a file")
    func interruptTwice() async throws {
        // Neither an answer nor a time-out comes, so that the first signal waits for requests under way. Two different
        // signals, because two of the same that are close together are one to the kernel; and held up until both are
        // there, because the wait is a second and this test may be kept waiting for longer.
        let server = try ScriptedServer { _ in [.pause(milliseconds: 600_000)] }
        let ended = try await load.run(endless(server)) { running in
            await server.received(1)
            for signal in [SIGSTOP, SIGINT, SIGTERM, SIGCONT] { running.send(signal) }
        }
        server.stop()
        // The one that was taken second.
        #expect(ended.status == 128 + SIGINT || ended.status == 128 + SIGTERM, "\(ended)")
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test("A kill leaves the file as it was")
    func kill9() async throws {
        let server = try ScriptedServer { _ in [.pause(milliseconds: 2), .ok()] }
        try Data("before".utf8).write(to: URL(filePath: output))
        let ended = try await load.run(endless(server)) { running in
            await server.received(20)
            running.send(SIGKILL)
        }
        server.stop()
        #expect(ended.status == nil)
        #expect(try Data(contentsOf: URL(filePath: output)) == Data("before".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: load.folder.path) == ["results.json"])
    }

    @Test("Too few descriptors are told before the run, with the line that raises the limit")
    func descriptors() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let few = try await load.run(
            ["--url", server.url, "--concurrency", "100", "--output", output], after: "ulimit -n 128")
        #expect(few.status == 69)
        #expect(
            few.err
                == "Error: 100 connections need more descriptors than the 128 that this process may open; raise the "
                + "limit with: ulimit -n 164\n")
        let enough = try await load.run(
            [
                "--url", server.url, "--concurrency", "100", "--requests", "200", "--no-calibration", "--scenario",
                "landing", "--output", output,
            ], after: "ulimit -n 164")
        #expect(enough.status == 0)
        server.stop()
    }

    @Test("A run in which everything fails is given up early, and says so")
    func hopeless() async throws {
        let server = try ScriptedServer { _ in [.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")] }
        let ended = try await load.run(endless(server) + ["--rate", "50"])
        server.stop()
        #expect(ended.status == 69)
        #expect(ended.err.contains("landing: stopped early, all "))
        #expect(
            ended.err.contains(
                "no verdict: every request failed: what was measured is how the target fails: landing: stopped early"))
        #expect(ended.err.contains("FAILED  http://127.0.0.1:"))
        let result = try LoadResult(contentsOf: output)
        #expect(result.stoppedEarly?.hasSuffix("requests failed (unexpected status)") == true)
        #expect(result.scenarios[0].durationSeconds < 50)
        #expect(result.validity.stamp == .failed)
    }

    @Test("Record makes a file that a run takes; compare refuses what cannot be compared")
    func recordAndCompare() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let log = load.path("access.log")
        try Data(#"::1 - - [x] "GET /a HTTP/1.1" 200 1"#.utf8).write(to: URL(filePath: log))
        let scenario = load.path("made.yml")
        #expect(try await load.run(["record", log, "--output", scenario]).status == 0)
        for (concurrency, name) in [("1", "a.json"), ("2", "b.json")] {
            let run = try await load.run([
                "--url", server.url, "--scenario", scenario, "--requests", "5", "--concurrency", concurrency,
                "--no-calibration", "--output", load.path(name),
            ])
            #expect(run.status == 0)
        }
        server.stop()
        let a = load.path("a.json")
        let differing = try await load.run(["compare", a, "--with", load.path("b.json")])
        #expect(differing.status == 69)
        #expect(differing.err == "Error: these runs cannot be compared: connections differ: 1 and 2\n")
        let same = try await load.run(["compare", a, "--with", a, "--json"])
        #expect(same.status == 0)
        #expect(same.out.contains("\"verdict\" : \"undecided\""))
        let comparison = load.path("comparison.json")
        try Data(same.out.utf8).write(to: URL(filePath: comparison))
        let mistaken = try await load.run(["compare", a, "--with", comparison])
        #expect(mistaken.status == 69)
        #expect(
            mistaken.err
                == "Error: \(comparison): it is a comparison that --versus or compare made, and its verdict is in it; "
                + "give results of single runs\n")
        #expect(try await load.run(["compare", a, "--with", log]).status == 69)
        #expect(try await load.run(["record", "/no/such.log"]).status == 69)
        #expect(try await load.run(["record", a]).status == 65)
    }
}
