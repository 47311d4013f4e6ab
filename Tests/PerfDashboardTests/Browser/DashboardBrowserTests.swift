import Foundation
import PitwallBrowserSupport
import RequestMetrics
import Testing

@testable import PerfDashboard

/// The dashboard as a person sees it, in a real Chromium. One browser at a time: they are heavy.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DashboardBrowserTests {
    /// A dashboard with a day's traffic, and a browser that is signed in.
    private func look(
        width: Int = 1400, isScripted: Bool = true, server: DashboardServer? = nil,
        _ body: @Sendable @escaping (Browser, String) async throws -> Void
    ) async throws {
        let access = AdminTokenAccess(token: try AdminToken(DashboardServer.token))
        var served: DashboardServer
        if let server { served = server } else { served = DashboardServer(store: try await Traffic.recent.value) }
        served.access = access
        let link = try #require(access.oneTimeSignInPath())
        try await served.run { address in
            try await Browser.run(width: width, height: width < 600 ? 844 : 1000, isScripted: isScripted) { browser in
                try await browser.open(address + link)
                try await body(browser, address)
            }
        }
    }

    @Test func signsInAndOutByHand() async throws {
        try await DashboardServer(store: Traffic.recent.value).run { address in
            try await Browser.run { browser in
                try await browser.open("\(address)/admin/perf?window=1h")
                #expect(try await browser.text("h1") == "Sign in")
                try await browser.type("not the token at all", into: "#token")
                try await browser.click("button.primary")
                #expect(try await browser.text("[role=alert]") == "That is not the admin token.")
                try await browser.type(DashboardServer.token, into: "#token")
                try await browser.press(Browser.enter)
                try await browser.wait(until: "document.querySelector('#stats')")
                #expect(try await browser.address == "\(address)/admin/perf?window=1h")
                // HttpOnly: no script can read the session.
                #expect(try await browser.evaluate("return document.cookie").string == "")
                try await browser.click(".menu summary")
                try await browser.click(".menu button")
                #expect(try await browser.text("h1") == "Sign in")
                try await browser.open("\(address)/admin/perf")
                #expect(try await browser.text("h1") == "Sign in")
            }
        }
    }

    @Test func showsTheWholeReportWithoutAComplaint() async throws {
        try await look { browser, address in
            try await browser.wait(until: "document.querySelector('.pulse').dataset.state === 'live'")
            #expect(try await browser.title == "Requests, last 24 hours · Pitwall")
            let stats = try await browser.text("#stats")
            for label in ["P50", "P95", "P99", "REQUESTS", "RATE", "ERRORS 5XX"] { #expect(stats.contains(label)) }
            #expect(
                try await browser.evaluate("return document.querySelectorAll('#slowest tbody tr').length").number == 9)
            #expect(try await browser.text("#slowest tbody tr").contains("/reports/{year}/{month}"))
            #expect(try await browser.text("#verdict").contains("Slower than the 24 hours before"))
            #expect(try await browser.text("#verdict li").contains("slower, was"))
            #expect(try await browser.text("#volume-title") == "Volume by path")
            #expect(try await browser.text("#receipt").contains("COST OF ONE REQUEST"))
            for chart in ["#heat", "#lines"] {
                let drawn =
                    "return document.querySelector('\(chart) .chart svg:last-child').getBoundingClientRect().height"
                #expect(try await browser.evaluate(drawn).number ?? 0 > 200)
                #expect(
                    try await browser.evaluate("return document.querySelectorAll('\(chart) .chart .dead').length")
                        .number == 1)
            }
            try await browser.click("#slowest tbody tr:nth-child(3) a")
            try await browser.wait(until: "document.querySelector('#mix')")
            #expect(try await browser.address.hasPrefix("\(address)/admin/perf/route?method="))
            #expect(try await browser.text("#examples-title") == "Slowest examples")
            try await browser.click("#back")
            try await browser.wait(until: "document.querySelector('#slowest')")
            try await browser.click("#sort-p99")
            #expect(try await browser.text("#slowest .aside").contains("top 10 by p99"))
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func updatesWithoutReloadAndKeepsFocus() async throws {
        let server = DashboardServer()
        try await look(server: server) { browser, _ in
            #expect(try await browser.text("#verdict").contains("No request came"))
            try await browser.evaluate("window.stays = true; document.querySelector('#window-24h').focus()")
            for _ in 0..<40 {
                server.recorder.record(route: "/fresh", method: "GET", status: 200, nanoseconds: 3_000_000)
            }
            try await browser.wait(until: "document.querySelector('#slowest').textContent.includes('/fresh')")
            #expect(try await browser.evaluate("return window.stays").bool == true)
            try await browser.evaluate("document.querySelector('#slowest tbody a').focus()")
            let before =
                try await browser.evaluate("return Number(document.documentElement.dataset.updates)").number ?? 0
            server.recorder.record(route: "/fresh", method: "GET", status: 500, nanoseconds: 3_000_000)
            try await browser.wait(until: "Number(document.documentElement.dataset.updates) > \(Int(before))")
            try await browser.wait(until: "document.querySelector('#stats').textContent.includes('41')")
            #expect(
                try await browser.evaluate("return document.activeElement.textContent").string?.contains("/fresh")
                    == true)
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func worksWithScriptsOff() async throws {
        try await look(isScripted: false) { browser, _ in
            let source = try await browser.source
            #expect(source.contains("/reports/{year}/{month}"))
            #expect(source.contains("class=\"heat-6\""))
            #expect(try await browser.text(".pulse") == "Static")
            try await browser.click("#window-1h")
            #expect(try await browser.text("h1") == "Requests, last hour")
            try await browser.click("#slowest tbody tr a")
            #expect(try await browser.text("#mix-title") == "Status mix")
            try await browser.click(".menu summary")
            try await browser.click(".menu button")
            #expect(try await browser.text("h1") == "Sign in")
        }
    }

    @Test(arguments: [390, 1400])
    func fitsTheScreenAndCanBeRead(width: Int) async throws {
        try await look(width: width) { browser, address in
            for path in ["/admin/perf", "/admin/perf/route?method=GET&path=/search", "/admin/perf/sign-in"] {
                try await browser.open(address + path)
                #expect(
                    try await browser.evaluate("return document.documentElement.scrollWidth").number ?? 0
                        <= Double(width),
                    "\(path)")
                #expect(try await browser.evaluate(PageChecks.outside).strings == [], "\(path)")
                #expect(try await browser.evaluate(PageChecks.faintText).strings == [], "\(path)")
                #expect(try await browser.evaluate(PageChecks.smallControls).strings == [], "\(path)")
                // For people: `swift test --attachments-path DIR` keeps the pictures.
                let name = path.split(separator: "?")[0].split(separator: "/").last ?? ""
                Attachment.record(try await browser.picture(), named: "\(name)-\(width).png")
            }
        }
    }

    @Test func canBeUsedByKeyboard() async throws {
        try await look { browser, _ in
            try await browser.press(Browser.tab)
            #expect(try await browser.evaluate("return document.activeElement.className").string == "skip button")
            var seen: [String] = []
            for _ in 0..<9 {
                try await browser.press(Browser.tab)
                let focus = try await browser.evaluate(PageChecks.focus)
                seen.append(focus.string ?? "")
            }
            #expect(seen[0...5].map { $0 } == ["Pitwall", "15m", "1h", "24h", "7d", "Menu"])
            #expect(!seen.contains { $0.hasPrefix("INVISIBLE") }, "\(seen)")
            try await browser.evaluate("document.querySelector('.menu summary').focus()")
            try await browser.press(Browser.enter)
            #expect(try await browser.evaluate("return document.querySelector('.menu').open").bool == true)
            try await browser.press(Browser.escape)
            #expect(try await browser.evaluate("return document.querySelector('.menu').open").bool == false)
        }
    }

    @Test func aStoreThatIsDownComesBackByItself() async throws {
        let store = try await Traffic.store(until: Date())
        store.fail(with: MetricsStoreError(.locked, value: "demo.sqlite", reason: "it is locked", mend: "Wait."))
        try await look(server: DashboardServer(store: store)) { browser, _ in
            #expect(try await browser.text(".notice").contains("The store cannot be read: demo.sqlite: it is locked."))
            store.fail(with: nil)
            try await browser.wait(until: "document.querySelector('#slowest').textContent.includes('/search')")
            try await browser.wait(until: "!document.querySelector('.notice')")
        }
    }

    @Test func markupInARouteIsShownAsText() async throws {
        let server = DashboardServer()
        let route = "/<img src=x onerror=document.title='pwned'>"
        for _ in 0..<40 { server.recorder.record(route: route, method: "GET", status: 200, nanoseconds: 3_000_000) }
        try await look(server: server) { browser, _ in
            try await browser.wait(until: "Number(document.documentElement.dataset.updates) > 0")
            #expect(try await browser.text("#slowest tbody .path") == route)
            #expect(try await browser.evaluate("return document.querySelectorAll('main img').length").number == 0)
            try await browser.click("#slowest tbody a")
            #expect(try await browser.text("h1").contains(route))
            #expect(try await browser.complaints() == [])
        }
    }
}
