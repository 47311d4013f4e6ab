import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import RequestMetrics
import Testing

@testable import PerfDashboard

/// The dashboard's addresses, as a program sees them.
@Suite struct DashboardHTTPTests {
    private static let bearer: HTTPFields = [.authorization: "Bearer \(DashboardServer.token)"]

    private func get(
        _ path: String, _ headers: HTTPFields = bearer, server: DashboardServer = DashboardServer()
    ) async throws -> TestResponse {
        try await server.application().test(.router) { client in
            try await client.execute(uri: path, method: .get, headers: headers)
        }
    }

    // MARK: Who may look

    @Test(arguments: ["/admin/perf.json", "/admin/perf.json?window=1h", "/admin/perf/events", "/metrics"])
    func anonymousProgramsAreTold401(path: String) async throws {
        let response = try await get(path, [:])
        #expect(response.status == .unauthorized)
        #expect(response.headers[.wwwAuthenticate] == "Bearer realm=\"pitwall\"")
        #expect(String(buffer: response.body).hasPrefix("{\"error\":\"Admins only"))
    }

    @Test(arguments: ["/admin/perf", "/admin/perf?window=7d", "/admin/perf/route?method=GET&path=/a"])
    func anonymousReadersAreLedToSignIn(path: String) async throws {
        let response = try await get(path, [:])
        #expect(response.status == .seeOther)
        #expect(response.headers[.location] == "/admin/perf/sign-in?next=\(path.queryEncoded)")
    }

    @Test(arguments: ["/admin/perf", "/admin/perf.json", "/admin/perf/events", "/metrics", "/admin/perf/route?path=/"])
    func othersAreForbidden(path: String) async throws {
        let access = ContextAccess { (_: Request, _: BasicRequestContext) in .signedIn }
        let response = try await get(path, [:], server: DashboardServer(access: access))
        #expect(response.status == .forbidden)
    }

    @Test func aHostsRuleDecides() async throws {
        let access = ContextAccess(signInPath: "/login") { (request: Request, _: BasicRequestContext) in
            request.headers[.userAgent] == "admin" ? .admin : .anonymous
        }
        let server = DashboardServer(access: access)
        #expect(try await get("/admin/perf", [.userAgent: "admin"], server: server).status == .ok)
        let anonymous = try await get("/admin/perf", [:], server: server)
        #expect(anonymous.status == .seeOther)
        #expect(anonymous.headers[.location] == "/login")
        // The sign-in page belongs to the token.
        #expect(try await get("/admin/perf/sign-in", [:], server: server).status == .notFound)
    }

    @Test func aRuleThatFailsClosesTheDashboard() async throws {
        struct Broken: Error {}
        let access = ContextAccess { (_: Request, _: BasicRequestContext) in throw Broken() }
        #expect(try await get("/admin/perf.json", [:], server: DashboardServer(access: access)).status == .forbidden)
    }

    @Test(arguments: ["/admin/perf.json", "/metrics"])
    func withoutATokenItIsClosed(path: String) async throws {
        let server = DashboardServer(access: AdminTokenAccess(token: nil))
        #expect(try await get(path, server: server).status == .unauthorized)
        #expect(try await get(path, [.authorization: "Bearer "], server: server).status == .unauthorized)
        let page = try await get("/admin/perf/sign-in", [:], server: server)
        #expect(page.status == .forbidden)
        #expect(String(buffer: page.body).contains("Set ADMIN_TOKEN"))
    }

    @Test func aWrongTokenIsRefusedAndLimited() async throws {
        let limited = AdminTokenAccess(token: try AdminToken(DashboardServer.token), limiter: AttemptLimiter(limit: 3))
        try await DashboardServer(access: limited).application().test(.router) { client in
            let wrong: HTTPFields = [.authorization: "Bearer wrong"]
            for _ in 0..<3 {
                try await client.execute(uri: "/admin/perf.json", method: .get, headers: wrong) { response in
                    #expect(response.status == .unauthorized)
                }
            }
            for headers in [wrong, Self.bearer] {
                try await client.execute(uri: "/admin/perf.json", method: .get, headers: headers) { response in
                    #expect(response.status == .tooManyRequests)
                    #expect(Int(response.headers[.retryAfter] ?? "") ?? 0 > 0)
                }
            }
        }
    }

    @Test func metricsHaveATokenOfTheirOwn() async throws {
        let token = "a-token-for-scrapers-only"
        let server = DashboardServer(metricsToken: try AdminToken(token))
        let headers: HTTPFields = [.authorization: "Bearer \(token)"]
        #expect(try await get("/metrics", headers, server: server).status == .ok)
        #expect(try await get("/admin/perf.json", headers, server: server).status == .unauthorized)
    }

    // MARK: Signing in

    @Test func signsInByFormAndOut() async throws {
        try await DashboardServer().application().test(.router) { client in
            let form = ByteBuffer(string: "token=\(DashboardServer.token)&next=/admin/perf?window%3D1h")
            let entered = try await client.execute(uri: "/admin/perf/sign-in", method: .post, body: form)
            #expect(entered.status == .seeOther)
            #expect(entered.headers[.location] == "/admin/perf?window=1h")
            let cookie = try #require(entered.headers[.setCookie])
            for part in ["HttpOnly", "SameSite=Lax", "Max-Age=43200", "Path=/"] {
                #expect(cookie.contains(part), "\(part)")
            }
            #expect(!cookie.contains("Secure"))
            let session: HTTPFields = [.cookie: String(cookie.prefix { $0 != ";" })]
            #expect(try await client.execute(uri: "/admin/perf", method: .get, headers: session).status == .ok)
            #expect(try await client.execute(uri: "/metrics", method: .get, headers: session).status == .ok)

            let left = try await client.execute(uri: "/admin/perf/sign-out", method: .post, headers: session)
            #expect(left.status == .seeOther)
            #expect(left.headers[.setCookie]?.contains("Max-Age=0") == true)
            // The copied cookie is dead too.
            #expect(try await client.execute(uri: "/admin/perf", method: .get, headers: session).status == .seeOther)
        }
    }

    @Test func theCookieIsSecureBehindTLS() async throws {
        try await DashboardServer().application().test(.router) { client in
            let headers: HTTPFields = [.forwardedProto: "https"]
            let form = ByteBuffer(string: "token=\(DashboardServer.token)")
            let entered = try await client.execute(
                uri: "/admin/perf/sign-in", method: .post, headers: headers, body: form)
            #expect(entered.headers[.setCookie]?.contains("Secure") == true)
        }
    }

    @Test func aWrongFormSaysSo() async throws {
        try await DashboardServer().application().test(.router) { client in
            let refused = try await client.execute(
                uri: "/admin/perf/sign-in", method: .post, body: ByteBuffer(string: "token=%3Cb%3E&next=%22%3E%3Cb%3E"))
            #expect(refused.status == .unauthorized)
            #expect(refused.headers[.setCookie] == nil)
            #expect(String(buffer: refused.body).contains("That is not the admin token."))
            #expect(!String(buffer: refused.body).contains("<b>"))
        }
    }

    @Test func aLinkSignsInOnce() async throws {
        let access = AdminTokenAccess(token: try AdminToken(DashboardServer.token))
        let path = try #require(access.oneTimeSignInPath())
        try await DashboardServer(access: access).application().test(.router) { client in
            let first = try await client.execute(uri: path, method: .get)
            #expect(first.status == .seeOther)
            #expect(first.headers[.setCookie]?.hasPrefix("pitwall_session=v1.") == true)
            let second = try await client.execute(uri: path, method: .get)
            #expect(second.status == .unauthorized)
            #expect(second.headers[.setCookie] == nil)
        }
        #expect(AdminTokenAccess(token: nil).oneTimeSignInPath() == nil)
        let opening = try #require(access.oneTimeSignInPath(opening: .fifteenMinutes))
        #expect(opening.hasSuffix("&next=/admin/perf%3Fwindow%3D15m"))
    }

    @Test(arguments: [
        "https://evil.example/", "//evil.example", "/admin/perf//evil", "/admin/perf/../..", "/\\evil", "/other",
        "/admin/perf\r\nX: y", "/admin/perfect", "/admin/perf/sign-in?next=/",
    ])
    func signingInLeadsNowhereElse(next: String) {
        let target = SignInRoutes.localPath(next)
        #expect(target.hasPrefix("/admin/perf"))
        #expect(!target.contains("\n"))
        #expect(!target.hasPrefix("/admin/perf/sign-in"))
    }

    // MARK: What is shown

    @Test func pagesHaveAStrictPolicyAndNothingInline() async throws {
        let store = MemoryStore()
        try await Traffic().write(to: store, hours: 3, until: Date())
        let server = DashboardServer(store: store)
        for path in ["/admin/perf", "/admin/perf/route?method=GET&path=/search", "/admin/perf/sign-in"] {
            let response = try await get(path, server: server)
            #expect(response.status == .ok)
            let policy = try #require(response.headers[.contentSecurityPolicy])
            #expect(policy.hasPrefix("default-src 'none'; style-src 'self'; script-src 'self'"))
            #expect(!policy.contains("unsafe"))
            #expect(response.headers[.cacheControl] == "no-store")
            // The name of a format is no address.
            let html = String(buffer: response.body).replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
            for banned in [" style=", "<style", " onclick", " onload", "javascript:", "http://", "https://"] {
                #expect(!html.contains(banned), "\(banned) in \(path)")
            }
            #expect(html.components(separatedBy: "<script").count <= 2)
        }
    }

    @Test func assetsAreNamedAfterTheirContent() async throws {
        for asset in [Asset.stylesheet, .script, .icon] {
            let response = try await get(asset.path, [:])
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == asset.contentType)
            #expect(response.headers[.cacheControl] == "public, max-age=31536000, immutable")
        }
        #expect(try await get("/admin/perf/assets/pitwall-000000000000.css", [:]).status == .notFound)
    }

    @Test func anUnknownWindowIsABadRequest() async throws {
        for path in ["/admin/perf?window=3h", "/admin/perf.json?window=%3Cscript%3E"] {
            let response = try await get(path)
            #expect(response.status == .badRequest)
            #expect(String(buffer: response.body).contains("choose one of 15m, 1h, 24h, 7d."))
            #expect(response.headers[.xContentTypeOptions] == "nosniff")
        }
        let page = try await get("/admin/perf?window=%3Cscript%3E")
        #expect(!String(buffer: page.body).contains("<script>"))
    }

    @Test func jsonHoldsWhatWasJustCounted() async throws {
        let server = DashboardServer()
        for _ in 0..<40 { server.recorder.record(route: "/a", method: "GET", status: 200, nanoseconds: 2_000_000) }
        for window in PerfWindow.allCases {
            let response = try await get("/admin/perf.json?window=\(window.rawValue)", server: server)
            #expect(response.headers[.contentType] == "application/json; charset=utf-8")
            let json = try JSONSerialization.jsonObject(with: Data(response.body.readableBytesView)) as? [String: Any]
            #expect(json?["window"] as? String == window.rawValue)
            #expect((json?["totals"] as? [String: Any])?["requests"] as? Int == 40)
        }
    }

    @Test func markupInARouteComesOutAsTextEverywhere() async throws {
        let server = DashboardServer()
        let route = "/<script>alert('x')</script>\"&{{title}}"
        for _ in 0..<40 { server.recorder.record(route: route, method: "GET", status: 200, nanoseconds: 2_000_000) }
        for path in ["/admin/perf", "/admin/perf/route?method=GET&path=\(route.queryEncoded)"] {
            let html = String(buffer: try await get(path, server: server).body)
            #expect(html.contains("/&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;{{title}}"), "\(path)")
            #expect(!html.contains("<script>alert"))
        }
        let metrics = String(buffer: try await get("/metrics", server: server).body)
        #expect(metrics.contains("http_route=\"/<script>alert('x')</script>\\\"&{{title}}\""))
    }

    @Test func aStoreThatIsDownIsToldAndCountsFromMemoryAreShown() async throws {
        let store = MemoryStore()
        store.fail(
            with: MetricsStoreError(
                .locked, value: "demo.sqlite", reason: "it is locked", mend: "Close the other program."))
        let server = DashboardServer(store: store)
        for _ in 0..<40 { server.recorder.record(route: "/a", method: "GET", status: 200, nanoseconds: 2_000_000) }
        let page = try await get("/admin/perf", server: server)
        #expect(page.status == .serviceUnavailable)
        let html = String(buffer: page.body)
        #expect(html.contains("The store cannot be read: demo.sqlite: it is locked. Close the other program."))
        #expect(html.contains("40"))
        let json = try await get("/admin/perf.json", server: server)
        #expect(json.status == .serviceUnavailable)
        #expect(json.headers[.retryAfter] == "10")
        // Counters do not need the store.
        let metrics = try await get("/metrics", server: server)
        #expect(metrics.status == .ok)
        #expect(String(buffer: metrics.body).contains("http_server_request_duration_seconds_count"))
    }

    @Test func aStoreThatHangsHoldsNobodyUp() async throws {
        let store = MemoryStore()
        let gate = store.hang()
        defer { gate.finish() }
        let page = try await get("/admin/perf", server: DashboardServer(store: store, patience: .milliseconds(50)))
        #expect(page.status == .ok)
        #expect(page.headers[.refresh] == "3")
        #expect(String(buffer: page.body).contains("The store has not answered yet"))
    }

    @Test func anEmptyDashboardSaysWhatWillAppear() async throws {
        let html = String(buffer: try await get("/admin/perf").body)
        #expect(html.contains("No request came in the last 24 hours."))
        #expect(html.contains("The ten slowest routes stand here once requests"))
    }

    @Test func theDashboardsRequestsAreMeasuredApart() async throws {
        let server = DashboardServer()
        let router = Router()
        router.add(middleware: RequestMetricsMiddleware(server.recorder))
        router.get("/a") { _, _ in "a" }
        PerfDashboard(
            store: server.store, recorder: server.recorder,
            access: AdminTokenAccess(token: try AdminToken(DashboardServer.token))
        ).addRoutes(to: router)
        try await Application(router: router).test(.router) { client in
            _ = try await client.execute(uri: "/a", method: .get)
            for path in ["/admin/perf", "/admin/perf.json", "/metrics"] {
                _ = try await client.execute(uri: path, method: .get, headers: Self.bearer)
            }
            let last = try await client.execute(uri: "/admin/perf.json", method: .get, headers: Self.bearer)
            let json = try JSONSerialization.jsonObject(with: Data(last.body.readableBytesView)) as? [String: Any]
            #expect((json?["totals"] as? [String: Any])?["requests"] as? Int == 1)
            #expect((json?["dashboard"] as? [String: Any])?["requests"] as? Int == 3)
        }
    }
}
