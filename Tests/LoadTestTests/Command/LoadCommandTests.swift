import Foundation
import LoadTest
import Synchronization
import Testing

/// The command itself, as a process: its output, files and exit statuses.
@Suite struct LoadCommandTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pitwall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private var output: String { folder.appending(path: "results.json").path }

    private func process(_ arguments: [String]) -> (Process, out: Pipe, err: Pipe) {
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "pitwall")
        process.arguments = ["load"] + arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        var environment = ProcessInfo.processInfo.environment
        environment["XDG_CACHE_HOME"] = folder.path
        process.environment = environment
        let out = Pipe()
        let err = Pipe()
        process.standardOutput = out
        process.standardError = err
        return (process, out, err)
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, out: String, err: String) {
        let (process, out, err) = process(arguments)
        try process.run()
        let errData = Mutex(Data())
        let reader = Thread { errData.withLock { $0 = err.fileHandleForReading.readDataToEndOfFile() } }
        reader.start()
        let outData = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        while !reader.isFinished { usleep(1_000) }
        return (
            process.terminationStatus, String(decoding: outData, as: UTF8.self),
            errData.withLock { String(decoding: $0, as: UTF8.self) }
        )
    }

    @Test("The contract: JSON for each scenario, a table on stderr, the file")
    func contract() throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let (status, out, err) = try run([
            "--url", server.url, "--concurrency", "2", "--duration", "30", "--requests", "20", "--scenario", "all",
            "--no-calibration", "--json",
        ])
        server.stop()
        #expect(status == 0)
        let file = try Data(contentsOf: folder.appending(path: "load-test-results.json"))
        #expect(out == String(decoding: file, as: UTF8.self))
        let result = try LoadResult(contentsOf: folder.appending(path: "load-test-results.json").path)
        #expect(result.scenarios.map(\.scenario) == ["health", "search", "demo", "landing", "sitemap"])
        #expect(result.scenarios.allSatisfy { $0.count == 20 && $0.errorCount == 0 })
        #expect(err.contains("scenario  requests  errors"))
        #expect(
            Set(server.count.requests.map(\.path)) == ["/health", "/search?q=valencia", "/demo", "/", "/sitemap.xml"])
        #expect(server.count.received == 100)
    }

    @Test("Exit statuses and messages")
    func statuses() throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let base = ["--url", server.url, "--requests", "5", "--no-calibration", "--output", output, "--scenario"]
        #expect(try run(base + ["landing", "--goal", "p99<60s", "--goal", "errors<=0%"]).status == 0)
        let missed = try run(base + ["landing", "--goal", "landing.p50<0.0001us"])
        #expect(missed.status == 1)
        #expect(missed.err.contains("MISSED landing.p50<0.0001us"))
        #expect(try LoadResult(contentsOf: output).goals.map(\.isMet) == [false])
        #expect(try run(base + ["nothing"]).status == 64)
        #expect(try run(base + ["landing", "--goal", "p50"]).status == 64)
        #expect(try run(base + ["landing", "--goal", "health.p50<1ms"]).status == 64)
        #expect(try run(base + ["landing", "--frobnicate"]).status == 64)
        #expect(try run(base + ["landing", "--concurrency", "many"]).status == 64)
        let scenarioFile = folder.appending(path: "bad.yml").path
        try Data("scenarios:\n  - name: a\n".utf8).write(to: URL(filePath: scenarioFile))
        let bad = try run(base + [scenarioFile])
        #expect(bad.status == 65)
        #expect(bad.err == "Error: \(scenarioFile):2: steps must be a list with at least one step, such as - get: /\n")
        let folderMissing = try run(["--url", server.url, "--output", "/no/such/folder/x.json"])
        #expect(folderMissing.status == 69)
        server.stop()
        let refused = try run(["--url", "http://127.0.0.1:\(try Nginx.freePort())", "--output", output])
        #expect(refused.status == 69)
        #expect(refused.err.contains("cannot be reached: connection refused. Is the service running there?"))
        let far = try run(["--url", "http://192.0.2.1", "--output", output])
        #expect(far.status == 64)
        #expect(far.err == "Error: http://192.0.2.1 is not on this machine; if you may push it, say so with --yes\n")
    }

    @Test("Ctrl-C ends the run and leaves a whole file that says so")
    func interrupt() throws {
        let server = try ScriptedServer { _ in [.pause(milliseconds: 2), .ok()] }
        let (process, _, err) = process([
            "--url", server.url, "--duration", "60", "--scenario", "landing", "--no-calibration", "--output", output,
        ])
        try process.run()
        while server.count.received < 20 { usleep(2_000) }
        process.interrupt()
        process.waitUntilExit()
        server.stop()
        #expect(process.terminationReason == .exit)
        let result = try LoadResult(contentsOf: output)
        #expect(result.stoppedEarly == "interrupted")
        #expect(result.scenarios[0].count >= 20)
        let text = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(text.contains("stopping; once more to stop at once"))
    }

    @Test("A kill leaves the file as it was")
    func kill() throws {
        let server = try ScriptedServer { _ in [.pause(milliseconds: 2), .ok()] }
        try Data("before".utf8).write(to: URL(filePath: output))
        let (process, _, _) = process([
            "--url", server.url, "--duration", "60", "--scenario", "landing", "--no-calibration", "--output", output,
        ])
        try process.run()
        while server.count.received < 20 { usleep(2_000) }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        server.stop()
        #expect(try Data(contentsOf: URL(filePath: output)) == Data("before".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["results.json"])
    }

    @Test("Record makes a file that a run takes; compare refuses what cannot be compared")
    func recordAndCompare() throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let log = folder.appending(path: "access.log").path
        try Data(#"::1 - - [x] "GET /a HTTP/1.1" 200 1"#.utf8).write(to: URL(filePath: log))
        let scenario = folder.appending(path: "made.yml").path
        #expect(try run(["record", log, "--output", scenario]).status == 0)
        for (concurrency, name) in [("1", "a.json"), ("2", "b.json")] {
            let run = try run([
                "--url", server.url, "--scenario", scenario, "--requests", "5", "--concurrency", concurrency,
                "--no-calibration", "--output", folder.appending(path: name).path,
            ])
            #expect(run.status == 0)
        }
        server.stop()
        let a = folder.appending(path: "a.json").path
        let differing = try run(["compare", a, "--with", folder.appending(path: "b.json").path])
        #expect(differing.status == 69)
        #expect(differing.err == "Error: these runs cannot be compared: connections differ: 1 and 2\n")
        let same = try run(["compare", a, "--with", a, "--json"])
        #expect(same.status == 0)
        #expect(same.out.contains("\"verdict\" : \"undecided\""))
        #expect(try run(["compare", a, "--with", log]).status == 69)
        #expect(try run(["record", "/no/such.log"]).status == 69)
        #expect(try run(["record", a]).status == 65)
    }
}
