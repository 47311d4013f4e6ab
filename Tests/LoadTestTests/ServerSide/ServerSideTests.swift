import Foundation
import LoadTest
import Testing

/// The server's own times beside the client's, from a server that counts like a Pitwall service.
@Suite struct ServerSideTests {
    private static let token = "an-admin-token"

    /// A service with its own idea of how long its routes took: 2 ms each.
    private func service(expired: Int = 0, earlier: Int = 0) throws -> ScriptedServer {
        let reads = Counter()
        let served = Counter()
        return try ScriptedServer { request in
            guard request.path.hasPrefix("/admin/perf.json") else {
                served.add()
                return [.ok()]
            }
            guard request.head.contains("Authorization: Bearer \(Self.token)"), request.path.hasSuffix("?window=15m")
            else { return [.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")] }
            let isFirst = reads.add() == 1
            let count = served.value + earlier
            let route = """
                {"route":"/items/{id}","method":"GET","requests":\(count),"total_ms":\(count * 2),"p95_ms":2.5,"p99_ms":null}
                """
            return [
                .ok(
                    """
                    {"from":"2026-01-01T12:0\(isFirst ? 0 : 1):00Z","slowest":[\(count == 0 ? "" : route)],
                    "by_total_time":[],"timeline":[{"start":"2026-01-01T12:00:00Z","requests":\(expired)}]}
                    """)
            ]
        }
    }

    private func run(
        _ server: ScriptedServer, token: String = Self.token, isExpected: Bool = true, path: String = "/items/7?q=1"
    ) async throws -> LoadResult {
        var options = try LoadOptions.test(
            server.url, requests: 20, scenarios: [Scenario(name: "items", steps: [Step(path: path)])])
        options.duration = .seconds(60)
        options.admin = .init(token: token, isExpected: isExpected)
        let result = try await LoadRunner(options).run()
        server.stop()
        return result
    }

    @Test func clientAndServerSideBySide() async throws {
        let result = try await run(try service())
        let route = try #require(result.serverSide?.first)
        #expect(route.route == "/items/{id}" && route.method == "GET")
        #expect(route.clientRequests == 20 && route.serverRequests == 20)
        #expect(route.serverMean == 2)
        #expect(abs(route.between - (route.serviceMean - 2)) < 0.001)
        #expect(route.serverP95 == 2.5)
        #expect(route.serverP99 == nil)
        #expect(TextReport(result).text.contains("means in ms"))
        #expect(HTMLReport(result).html.contains("From outside to inside"))
        let json = String(decoding: try result.json(), as: UTF8.self)
        #expect(json.contains("\"server_mean\" : 2"))
        #expect(!json.contains(Self.token))
    }

    @Test func earlierRequestsAreTakenOff() async throws {
        let result = try await run(try service(expired: 3, earlier: 1_000))
        let route = try #require(result.serverSide?.first)
        #expect(route.serverRequests == 20)
        // The window's percentiles are mostly of earlier requests.
        #expect(route.serverP95 == nil)
        #expect(
            result.validity.notes.contains(
                "the server's own times are approximate: 3 earlier requests left its window during the run"))
    }

    @Test func aTargetThatSaysNothingIsANoteOnlyWhereItWasAskedFor() async throws {
        let refused = try await run(try service(), token: "another")
        #expect(refused.serverSide == nil)
        #expect(
            aboutTheServer(refused) == [
                "the target's own times are not known: /admin/perf.json cannot be read: it answers 403"
            ])
        #expect(refused.validity.isValid)
        let guessed = try await run(try service(), token: "another", isExpected: false)
        #expect(guessed.serverSide == nil && aboutTheServer(guessed).isEmpty)
        let other = try await run(try ScriptedServer { _ in [.ok("hello")] })
        #expect(
            aboutTheServer(other) == [
                "the target's own times are not known: /admin/perf.json cannot be read: its answer is another one"
            ])
    }

    @Test func routesThatTheServerDoesNotListAreNamed() async throws {
        let result = try await run(try service(), path: "/elsewhere")
        #expect(aboutTheServer(result) == ["/admin/perf.json does not list the route of GET /elsewhere"])
    }

    private func aboutTheServer(_ result: LoadResult) -> [String] {
        result.validity.notes.filter { $0.contains("perf.json") }
    }
}
