import Foundation
import Testing

@testable import LoadTest

/// `docs/load-test-results.schema.json` against what is really written.
@Suite struct ResultSchemaTests {
    /// As much of JSON Schema as the document uses.
    private struct Schema {
        let root: [String: Any]

        init() throws {
            let repository = URL(filePath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst()
            let data = try Data(contentsOf: URL(filePath: "\(repository)/docs/load-test-results.schema.json"))
            root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }

        /// What in a value is not as the schema says; one line each.
        func problems(_ value: Any, _ schema: [String: Any], at path: String = "$") -> [String] {
            if schema["$ref"] != nil {
                let summary = (root["$defs"] as? [String: Any])?["summary"] as? [String: Any] ?? [:]
                return problems(value, summary, at: path)
            }
            if let constant = schema["const"] as? Int { return value as? Int == constant ? [] : ["\(path): \(value)"] }
            if let options = schema["enum"] as? [String] {
                return (value as? String).map(options.contains) == true ? [] : ["\(path): \(value)"]
            }
            let types = schema["type"] as? [String] ?? [schema["type"] as? String ?? "?"]
            guard types.contains(where: { has(value, type: $0) }) else { return ["\(path) is no \(types)"] }
            if let items = schema["items"] as? [String: Any], let array = value as? [Any] {
                return array.enumerated().flatMap { problems($1, items, at: "\(path)[\($0)]") }
            }
            guard let object = value as? [String: Any], let known = schema["properties"] as? [String: [String: Any]]
            else { return [] }
            let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }
            return missing.map { "\(path).\($0) is missing" }
                + object.flatMap { key, member in
                    known[key].map { problems(member, $0, at: "\(path).\(key)") } ?? ["\(path).\(key) is not described"]
                }
        }

        private func has(_ value: Any, type: String) -> Bool {
            switch type {
            case "object": value is [String: Any]
            case "array": value is [Any]
            case "string": value is String
            case "null": value is NSNull
            case "boolean": value is Bool
            case "integer": value is Int || value is UInt64
            default: value is NSNumber && !(value is NSNull)
            }
        }
    }

    private func problems(_ result: LoadResult) throws -> [String] {
        let schema = try Schema()
        return schema.problems(try JSONSerialization.jsonObject(with: result.json()), schema.root)
    }

    @Test func aPlainRun() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        var options = try LoadOptions.test(server.url, requests: 20)
        options.calibrates = true
        options.arrivals = .poisson(rate: 1_000, seed: 3)
        options.headers = [Header("X-One", "1")]
        let result = try await LoadRunner(options).run()
        server.stop()
        #expect(try problems(result) == [])
    }

    @Test func failuresStepsAndGoals() async throws {
        let server = try ScriptedServer { request in
            request.path == "/a" ? [.ok()] : [.send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")]
        }
        let scenario = Scenario(name: "two", steps: [Step(path: "/a"), Step(path: "/b")])
        var result = try await LoadRunner(try .test(server.url, requests: 20, scenarios: [scenario])).run()
        result.goals = try Goal("p99<1ms").judge(result.scenarios)
        result.stoppedEarly = "interrupted"
        server.stop()
        #expect(result.scenarios[0].steps.count == 2)
        #expect(try problems(result) == [])
    }

    @Test func nothingMeasured() async throws {
        let server = try ScriptedServer { _ in [.close] }
        let scenario = Scenario(name: "post", steps: [Step(method: "POST", path: "/")])
        let result = try await LoadRunner(try .test(server.url, requests: 5, scenarios: [scenario])).run()
        server.stop()
        #expect(result.scenarios[0].latency.p50 == nil)
        #expect(try problems(result) == [])
    }

    @Test func limitsAndTheServersSide() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        var result = try await LoadRunner(try .test(server.url, requests: 5)).run()
        server.stop()
        result.limits = [
            RateLimit(
                scenario: "one", goals: ["p99<1ms"], rate: 10, missedAt: 20, isGeneratorBound: false,
                curve: RateLimit.Point.all(result, rate: 10, isMet: true)),
            RateLimit(
                scenario: "one", goals: [], unclear: .init(rate: 20, reasons: ["busy"]), isGeneratorBound: true,
                curve: []),
        ]
        result.serverSide = [
            RouteTimes(
                route: "/", method: "GET", clientRequests: 1, serverRequests: 1, clientMean: 1, serviceMean: 1,
                serverMean: 1, between: 0, service: result.scenarios[0].service, serverP95: 1, serverP99: nil)
        ]
        #expect(try problems(result) == [])
    }
}
