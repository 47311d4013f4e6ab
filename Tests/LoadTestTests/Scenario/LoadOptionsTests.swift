import LoadTest
import Testing

@Suite struct LoadOptionsTests {
    private func message(_ request: LoadOptions.Request) -> String {
        do {
            _ = try request.options(environment: ["TOKEN": "t0"])
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("Options that cannot be say which value is wrong and what may be")
    func mistakes() {
        let url = "http://127.0.0.1:1"
        #expect(
            message(.init(url: url, concurrency: 0)) == "--concurrency is 0; it must be at least 1 and at most 20000")
        #expect(message(.init(url: url, concurrency: 20_001)).hasPrefix("--concurrency is 20001;"))
        #expect(
            message(.init(url: url, duration: 0)) == "--duration is 0.0; it must be above 0 and at most 86400 seconds")
        #expect(message(.init(url: url, duration: .nan)).hasPrefix("--duration is nan;"))
        #expect(message(.init(url: url, requests: 0)) == "--requests is 0; it must be at least 1")
        #expect(
            message(.init(url: url, rate: -1))
                == "--rate is -1.0; it must be above 0 and at most 1000000 requests a second")
        #expect(message(.init(url: url, isPoisson: true)) == "--arrivals poisson needs --rate")
        #expect(
            message(.init(url: url, rate: 5, seed: 1)) == "--seed needs --arrivals poisson; nothing else is drawn")
        #expect(
            message(.init(url: url, streams: 2))
                == "--streams needs --http2: an HTTP/1.1 connection carries one request at a time")
        // Without the value, which may be a secret.
        #expect(
            message(.init(url: url, headers: ["X-Key: a\r\nEvil: b"]))
                == "--header: the value of X-Key holds a line break or another control character")
        #expect(
            message(.init(url: url, cookies: ["session=a\u{7F}"]))
                == "--cookie: the value of session holds a line break or another control character")
        #expect(
            message(.init(url: url, headers: ["x"]))
                == "--header needs a name, a colon and a value, as in 'Accept: text/html'")
        #expect(message(.init(url: url, headers: ["a b: c"])) == "--header: \"a b\" is not a header name")
        #expect(
            message(.init(url: url, cookies: ["x"]))
                == "--cookie needs a name, an equals sign and a value, as in session=abc")
        #expect(
            message(.init(url: url, bearerVariable: "NONE")) == "--bearer-env: the environment variable NONE is not set"
        )
        #expect(
            message(.init(url: url, scenarios: ["x"]))
                == "\"x\" is no scenario; known are all, health, search, demo, landing, sitemap, or a scenario file (.yml, .yaml)"
        )
        #expect(
            message(.init(url: url, scenarios: ["a.yml", "all"]))
                == "--scenario a.yml: a scenario file stands alone; put all scenarios of the mix into it")
    }

    @Test("Names stand for the built-in scenarios, each once")
    func selection() throws {
        let request = LoadOptions.Request(url: "http://127.0.0.1:1", scenarios: ["search", "all", "health"])
        let options = try request.options(environment: [:])
        #expect(options.scenarios.map(\.name) == ["search", "health", "demo", "landing", "sitemap"])
        #expect(!options.isMix)
        #expect(
            Scenario.builtIn.map { $0.steps[0].name } == [
                "GET /health", "GET /search?q=valencia", "GET /demo", "GET /", "GET /sitemap.xml",
            ])
    }

    @Test("A token from the environment is sent and never written to results")
    func secrets() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let request = LoadOptions.Request(
            url: server.url, scenarios: ["landing"], concurrency: 1, requests: 1, headers: ["X-Key: s3cret"],
            cookies: ["session=s3cret"], bearerVariable: "TOKEN", calibrates: false)
        let options = try request.options(environment: ["TOKEN": "s3cret"])
        let result = try await LoadRunner(options).run()
        server.stop()
        // The token may be an admin's: the target is asked for its own times once, and here has none.
        #expect(server.count.requests.map(\.path) == ["/admin/perf.json?window=15m", "/"])
        let head = try #require(server.count.requests.first { $0.path == "/" }).head
        #expect(head.contains("X-Key: s3cret"))
        #expect(head.contains("Cookie: session=s3cret"))
        #expect(head.contains("Authorization: Bearer s3cret"))
        let json = String(decoding: try result.json(), as: UTF8.self)
        #expect(!json.contains("s3cret"))
        #expect(result.settings.headerNames == ["Authorization", "Cookie", "X-Key"])
        #expect(!HTMLReport(result).html.contains("s3cret"))
        #expect(!TextReport(result).text.contains("s3cret"))
    }
}
