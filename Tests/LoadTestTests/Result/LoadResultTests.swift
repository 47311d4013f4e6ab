import Foundation
import LatencyHistogram
import Testing

@testable import LoadTest

@Suite struct LoadResultTests {
    private func result() async throws -> LoadResult {
        let server = try ScriptedServer { request in
            request.path == "/demo" ? [.send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")] : [.ok()]
        }
        let scenarios = Scenario.builtIn.filter { $0.name == "landing" || $0.name == "demo" }
        let result = try await LoadRunner(try .test(server.url, requests: 50, scenarios: scenarios)).run()
        server.stop()
        return result
    }

    @Test("The file has every key of the contract, and reads back as it was written")
    func roundTrip() async throws {
        let result = try await result()
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json").path
        try result.write(to: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let data = try #require(FileManager.default.contents(atPath: path))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let scenarios = try #require(object["scenarios"] as? [[String: Any]])
        for scenario in scenarios {
            for key in [
                "scenario", "p50", "p95", "p99", "max", "min", "mean", "error_count", "requests_per_second", "count",
                "p999", "bytes_received", "bytes_sent", "status_classes", "errors", "connect", "first_byte", "service",
                "histogram", "blocks", "duration_seconds",
            ] {
                #expect(scenario[key] != nil, "\(key)")
            }
        }
        #expect(scenarios.map { $0["scenario"] as? String } == ["demo", "landing"])
        #expect(scenarios.map { $0["error_count"] as? Int } == [50, 0])
        for key in [
            "schema_version", "pitwall_version", "started_at", "finished_at", "target", "settings", "machine",
            "validity",
        ] {
            #expect(object[key] != nil, "\(key)")
        }
        let again = try LoadResult(contentsOf: path)
        #expect(again.scenarios == result.scenarios)
        #expect(again.settings == result.settings)
        #expect(try again.json() == data)
    }

    @Test("Numbers that no run gives are told, whoever wrote them")
    func impossible() async throws {
        let json = String(decoding: try await result().json(), as: UTF8.self)
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let changes: [(Regex<Substring>, String)] = [
            (/"seconds" : 1\b/, #""seconds" : 0"#), (/"seconds" : 1\b/, #""seconds" : -1"#),
            (/"seconds" : 1\b/, #""seconds" : 1e-300"#),
            (/"duration_seconds" : [0-9.]+,\n      "error/, #""duration_seconds" : 1e300, "error"#),
            (/"duration_seconds" : [0-9.]+,\n      "error/, #""duration_seconds" : -5, "error"#),
            (/"error_count" : [0-9]+/, #""error_count" : 9223372036854775808"#),
            (/"count" : 50/, #""count" : 9223372036854775808"#),
        ]
        for (pattern, replacement) in changes {
            let changed = json.replacing(pattern, with: replacement)
            try #require(changed != json, "\(replacement)")
            try Data(changed.utf8).write(to: URL(filePath: path))
            let error = #expect(throws: ResultFileError.self) { try LoadResult(contentsOf: path) }
            #expect(error?.problem.hasPrefix("it does not follow its schema: scenarios.0") == true, "\(replacement)")
        }
    }

    @Test("A file that is no result says why")
    func mistakes() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func problem(_ content: String) throws -> String? {
            let path = folder.appending(path: "f.json").path
            try Data(content.utf8).write(to: URL(filePath: path))
            return #expect(throws: ResultFileError.self) { try LoadResult(contentsOf: path) }?.problem
        }
        #expect(try problem("{}") == "it is not a result of pitwall load: schema_version is missing")
        #expect(try problem(#"{"schema_version": 99}"#) == "its schema is version 99; this program reads 1")
        #expect(try problem(#"{"schema_version": 1}"#)?.hasPrefix("it does not follow its schema: ") == true)
        #expect(throws: ResultFileError.self) { try LoadResult(contentsOf: "/no/such.json") }
    }

    @Test("The table says what was measured, the page holds all of it and nothing to fetch")
    func reports() async throws {
        var result = try await result()
        result.goals = [GoalRecord(goal: "<script>p50<1ms", scenario: "landing", value: 2, isMet: false)]
        let text = TextReport(result).text
        #expect(text.hasPrefix("VALID  http://127.0.0.1:"))
        #expect(text.contains("scenario  requests  errors"))
        #expect(text.contains("demo errors: status 50"))
        #expect(text.contains("MISSED"))
        let html = HTMLReport(result).html
        #expect(html.contains("<body class=\"obsidian\">"))
        #expect(html.contains("obs-container"))
        #expect(html.contains("glass-card"))
        #expect(!html.contains("<script"))
        #expect(html.contains("&lt;script&gt;p50&lt;1ms"))
        #expect(!html.contains("src="))
        #expect(!html.contains("url("))
        #expect(html.components(separatedBy: "<svg").count == 7)
    }

    @Test("The page shows a limit with its curve")
    func limits() async throws {
        var result = try await result()
        let met = RateLimit.Point.all(result, rate: 10, isMet: true)
        let missed = RateLimit.Point.all(result, rate: 20, isMet: false)
        result.limits = [
            RateLimit(
                scenario: "demo+landing", goals: ["p99<1ms"], rate: 10, missedAt: 20, isGeneratorBound: false,
                curve: met + missed)
        ]
        let html = HTMLReport(result).html
        #expect(html.contains("demo+landing: p99&lt;1ms holds up to 10.0 requests/s, missed at 20.0"))
        #expect(html.components(separatedBy: "<svg").count == 9)
        #expect(html.contains("<title>missed at 20.0/s</title>"))
    }

    @Test("Without a response the percentiles are null, and the verdict is none")
    func nothing() async throws {
        let server = try ScriptedServer { _ in [.close] }
        let result = try await LoadRunner(try .test(server.url, requests: 5, concurrency: 1)).run()
        server.stop()
        let object = try #require(
            try JSONSerialization.jsonObject(with: try result.json()) as? [String: Any])
        let scenario = try #require((object["scenarios"] as? [[String: Any]])?.first)
        #expect(scenario["p50"] is NSNull)
        #expect(try RunVerdict.judge(result, by: []).verdict.exitStatus == 69)
        #expect(HTMLReport(result).html.contains("Nothing was measured"))
    }
}
