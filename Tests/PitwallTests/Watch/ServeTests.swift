import Foundation
import Testing

/// The demo service over real HTTP, as its own process.
@Suite struct ServeTests {
    private static let token = "an-admin-token-for-tests"
    private static let bearer = ["Authorization": "Bearer \(token)"]
    private static let environment = ["ADMIN_TOKEN": token, "LOG_LEVEL": "error", "PITWALL_DRAIN_SECONDS": "0.2"]

    @Test func announcesThreeLinesAndServesEveryPage() async throws {
        try await withTemporaryFolder { folder in
            let ended = try await Command.serve(environment: Self.environment, in: folder) { service in
                #expect(service.lines.count == 3)
                #expect(service.lines[0].hasPrefix("Service:    http://127.0.0.1:"))
                #expect(service.lines[1].hasPrefix("Dashboard:  http://127.0.0.1:"))
                #expect(service.lines[2] == "Stop:       Ctrl-C")

                for path in ["/", "/search?q=valencia", "/demo", "/permits/1", "/permits/6000"] {
                    let answer = try await Web.get(service.url + path)
                    #expect(answer.status == 200, "\(path)")
                    #expect(answer.body.contains("<body class=\"obsidian\">"), "\(path)")
                }
                #expect(try await Web.get(service.url + "/search?q=valencia").body.contains("Valencia Street"))
                #expect(try await Web.get(service.url + "/sitemap.xml").body.contains("/permits/6000</loc>"))
                let health = try await Web.get(service.url + "/health")
                #expect(health.body == #"{"missing_tables":[],"status":"ok"}"#)
                for path in ["/", "/health", "/permits/1"] {
                    let head = try await Web.get(service.url + path, method: "HEAD")
                    #expect(head.status == 200, "\(path)")
                    #expect(head.body == "")
                }
                for path in ["/nothing", "/permits/6001", "/permits/seven"] {
                    let answer = try await Web.get(service.url + path)
                    #expect(answer.status == 404, "\(path)")
                    #expect(answer.body.contains("Not found"), "\(path)")
                }
                #expect(
                    try await Web.get(service.url + "/search?q=" + String(repeating: "a", count: 201)).status == 400)
            }
            #expect(ended.status == 0, "\(ended.errors)")
        }
    }

    @Test func theSignInLinkOpensTheDashboardOnce() async throws {
        try await withTemporaryFolder { folder in
            _ = try await Command.serve(environment: Self.environment, in: folder) { service in
                let first = try await Web.get(service.dashboard)
                #expect(first.status == 303)
                #expect(first.headers["location"] == "/admin/perf?window=15m")
                let cookie = try #require(first.headers["set-cookie"]?.split(separator: ";").first)
                let page = try await Web.get(service.url + "/admin/perf", ["Cookie": String(cookie)])
                #expect(page.status == 200)
                #expect(try await Web.get(service.dashboard).status == 401)
            }
        }
    }

    @Test func rolesDecideWhoSees() async throws {
        try await withTemporaryFolder { folder in
            _ = try await Command.serve(environment: Self.environment, in: folder) { service in
                #expect(try await Web.get(service.url + "/admin/perf.json").status == 401)
                #expect(try await Web.get(service.url + "/metrics").status == 401)
                let page = try await Web.get(service.url + "/admin/perf")
                #expect(page.headers["location"]?.hasPrefix("/admin/perf/sign-in") == true)
                #expect(try await Web.get(service.url + "/admin/perf/sign-in").body.contains("<form"))

                let clerk = try await Web.get(service.url + "/clerk", method: "POST")
                let cookie = String(try #require(clerk.headers["set-cookie"]?.split(separator: ";").first))
                for path in ["/admin/perf", "/admin/perf.json", "/metrics"] {
                    #expect(try await Web.get(service.url + path, ["Cookie": cookie]).status == 403, "\(path)")
                    #expect(try await Web.get(service.url + path, Self.bearer).status == 200, "\(path)")
                }
                #expect(try await Web.get(service.url + "/admin/perf", ["Cookie": cookie + "x"]).status != 403)
            }
        }
    }

    @Test func withoutATokenTheDashboardIsClosed() async throws {
        try await withTemporaryFolder { folder in
            _ = try await Command.serve(environment: ["LOG_LEVEL": "error"], in: folder) { service in
                let closed = "(closed: set ADMIN_TOKEN, 16 characters at least, and start again)"
                #expect(service.dashboard == "\(service.url)/admin/perf \(closed)")
                for path in ["/admin/perf.json", "/metrics"] {
                    #expect(try await Web.get(service.url + path, ["Authorization": "Bearer "]).status == 401)
                }
                let page = try await Web.get(service.url + "/admin/perf")
                #expect(!page.body.contains("Slowest"))
            }
        }
    }

    /// What was asked, what the running dashboard says, and what the database says after the last drain: all the same.
    @Test func everyRequestIsCountedOnce() async throws {
        try await withTemporaryFolder { folder in
            let each = 300
            _ = try await Command.serve(environment: Self.environment, in: folder) { service in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for client in 0..<16 {
                        group.addTask {
                            for index in 0..<each {
                                // Distinct addresses of few routes, some of none, some with HTML in them.
                                let path = ["/permits/\(index + 1)", "/<b>\(client)-\(index)</b>", "/health"][index % 3]
                                let escaped = path.replacingOccurrences(of: "<", with: "%3C")
                                    .replacingOccurrences(of: ">", with: "%3E")
                                _ = try await Web.get(service.url + escaped)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let report = try await Web.get(service.url + "/admin/perf.json?window=1h", Self.bearer)
                #expect(try Self.requests(in: report.json()) == Self.expected(16 * each / 3))
            }
            let report = try await Command.run(["report", "--window", "1h", "--format", "json"], in: folder)
            #expect(report.status == 0, "\(report.errors)")
            let json = try #require(
                try JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any])
            #expect(try Self.requests(in: json) == Self.expected(16 * each / 3))
        }
    }

    @Test func demoTrafficArrives() async throws {
        try await withTemporaryFolder { folder in
            _ = try await Command.serve(["--traffic"], environment: Self.environment, in: folder) { service in
                var requests = 0
                while requests < 20 {
                    let report = try await Web.get(service.url + "/admin/perf.json?window=15m", Self.bearer)
                    requests = try Self.requests(in: report.json()).values.reduce(0, +)
                }
            }
        }
    }

    /// A client of HTTP/1.0 reads until the connection ends, whether or not it offers to keep it.
    @Test(arguments: ["", "Connection: keep-alive\r\n"])
    func aClientOfTheFirstVersionIsAnsweredAndLetGo(_ header: String) async throws {
        try await withTemporaryFolder { folder in
            _ = try await Command.serve(environment: Self.environment, in: folder) { service in
                let port = service.url.split(separator: ":").last.map(String.init) ?? ""
                let answer = try await Command.exchange(
                    port: port, "GET /search?q=valencia HTTP/1.0\r\n\(header)\r\n")
                #expect(answer.hasPrefix("HTTP/1."))
                #expect(answer.contains("</html>"))
            }
        }
    }

    @Test func aReleaseIsMarkedOnEveryReport() async throws {
        try await withTemporaryFolder { folder in
            let environment = Self.environment.merging(["PITWALL_RELEASE": "1.4.2"]) { $1 }
            _ = try await Command.serve(environment: environment, in: folder) { service in
                _ = try await Web.get(service.url + "/")
            }
            #expect(try await Command.run(["mark", "deploy 1.4.3"], in: folder).output == "Marked 'deploy 1.4.3'.\n")
            let report = try await Command.run(["report", "--window", "15m", "--format", "json"], in: folder)
            #expect(report.output.contains("1.4.2"))
            #expect(report.output.contains("deploy 1.4.3"))
        }
    }

    private static func expected(_ share: Int) -> [String: Int] {
        ["/permits/{id}": share, "_unmatched": share, "/health": share]
    }

    /// Requests by route, as the volume table tells.
    private static func requests(in report: [String: Any]) throws -> [String: Int] {
        let volume = try #require(report["volume"] as? [[String: Any]])
        return Dictionary(
            volume.compactMap { row in (row["route"] as? String).map { ($0, row["requests"] as? Int ?? -1) } },
            uniquingKeysWith: +)
    }
}
