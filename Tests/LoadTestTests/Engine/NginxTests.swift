import Foundation
import Testing

@testable import LoadTest

/// Every path of the engine against a real nginx whose access log is the truth.
@Suite struct NginxTests {
    struct Way: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var isSecure = false
        var host = "127.0.0.1"
        var usesHTTP2 = false
        var usesUnixSocket = false
        var isClear = false
        var isInsecure = false
        var streams = 1
    }

    static let ways = [
        Way(testDescription: "plain IPv4"),
        Way(testDescription: "plain IPv6", host: "[::1]"),
        Way(testDescription: "unix socket", host: "localhost", usesUnixSocket: true),
        Way(testDescription: "TLS by name", isSecure: true, host: "localhost"),
        Way(testDescription: "TLS by address", isSecure: true),
        Way(testDescription: "TLS with any certificate", isSecure: true, isInsecure: true),
        Way(testDescription: "HTTP/2", isSecure: true, host: "localhost", usesHTTP2: true),
        Way(testDescription: "HTTP/2 without encryption", usesHTTP2: true, isClear: true),
        Way(testDescription: "HTTP/2, eight streams", isSecure: true, host: "localhost", usesHTTP2: true, streams: 8),
    ]

    private func options(_ way: Way, _ nginx: Nginx) throws -> LoadOptions {
        let port = way.isSecure ? nginx.securePort : way.isClear ? nginx.clearPort : nginx.plainPort
        var options = try LoadOptions.test("\(way.isSecure ? "https" : "http")://\(way.host):\(port)", requests: 120)
        options.target = try Target(options.target.url, unixSocket: way.usesUnixSocket ? nginx.unixSocket : nil)
        options.usesHTTP2 = way.usesHTTP2
        options.streamsPerConnection = way.streams
        options.isInsecure = way.isInsecure
        options.certificateAuthority = way.isInsecure ? nil : nginx.certificate
        return options
    }

    @Test("Counts agree with nginx's own log, keep-alive limits and all", arguments: ways)
    func counts(way: Way) async throws {
        let nginx = try Nginx.start()
        var options = try options(way, nginx)
        options.scenarios = [
            Scenario.one, Scenario(name: "big", steps: [Step(path: "/big")]),
            Scenario(
                name: "missing", steps: [Step(path: "/missing", expectation: Expectation(statuses: [404...404]))]),
        ]
        let result = try await LoadRunner(options).run()
        let logged = try nginx.stop()
        for scenario in result.scenarios {
            #expect(scenario.errors == [:], "\(scenario.scenario)")
            #expect(scenario.count == 120)
        }
        #expect(result.scenarios.map(\.statusClasses) == [["2xx": 120], ["2xx": 120], ["4xx": 120]])
        #expect(result.scenarios[1].bytesReceived >= 24_000_000)
        #expect(logged == 360)
    }

    @Test("An open loop keeps its rate over TLS and HTTP/2", arguments: [ways[3], ways[8]])
    func openLoop(way: Way) async throws {
        let nginx = try Nginx.start()
        var options = try options(way, nginx)
        options.arrivals = .constant(rate: 200)
        let result = try await LoadRunner(options).run()
        #expect(try nginx.stop() == 120)
        #expect(result.scenarios[0].count == 120)
        #expect(result.scenarios[0].errors == [:])
    }

    @Test("A certificate that nobody vouches for is an error of its kind", arguments: [false, true])
    func untrusted(usesHTTP2: Bool) async throws {
        let nginx = try Nginx.start()
        var options = try LoadOptions.test("https://localhost:\(nginx.securePort)", requests: 4)
        options.usesHTTP2 = usesHTTP2
        let result = try await LoadRunner(options).run()
        #expect(try nginx.stop() == 0)
        #expect(result.scenarios[0].errors == ["tls_failed": 4])
    }

    @Test("Why a connection cannot be encrypted is told, with the mend")
    func tlsFailures() async throws {
        let nginx = try Nginx.start()
        func notes(_ url: String, trusts: Bool = true, usesHTTP2: Bool = false) async throws -> [String] {
            var options = try LoadOptions.test(url, requests: 2)
            options.certificateAuthority = trusts ? nginx.certificate : nil
            options.usesHTTP2 = usesHTTP2
            let result = try await LoadRunner(options).run()
            #expect(result.scenarios[0].errors == ["tls_failed": 2])
            return result.validity.notes
        }
        for usesHTTP2 in [false, true] {
            #expect(
                try await notes("https://localhost:\(nginx.securePort)", trusts: false, usesHTTP2: usesHTTP2).contains(
                    "one: the certificate of localhost is not trusted, or its time is over; name the certificates to "
                        + "trust with --ca FILE, or accept any with --insecure"))
        }
        #expect(
            try await notes("https://[::1]:\(nginx.securePort)").contains(
                "one: the certificate that answers is not for ::1; push a name that it is for, or accept any with "
                    + "--insecure"))
        let port = nginx.plainPort
        #expect(
            try await notes("https://localhost:\(port)").contains(
                "one: what answers at localhost:\(port) does not speak TLS; is it http://localhost:\(port)?"))
        _ = try nginx.stop()
        let server = try await CalibrationShape.made(.https1).startNullServer(isPrompt: false)
        var options = try LoadOptions.test(server.target.url, requests: 2)
        options.isInsecure = true
        options.usesHTTP2 = true
        let result = try await LoadRunner(options).run()
        await server.stop()
        #expect(
            result.validity.notes.contains(
                "one: 127.0.0.1 does not agree to HTTP/2 over TLS; leave out --http2"))
    }

    @Test("Certificates that cannot be read are told before the run")
    func badCertificate() async throws {
        let nginx = try Nginx.start()
        var options = try LoadOptions.test("https://localhost:\(nginx.securePort)", requests: 4)
        let noCertificate = nginx.folder.appending(path: "nginx.conf").path
        for (path, reason) in [
            ("/no/such.pem", "there is no such file"), (noCertificate, "it holds no certificate in PEM form"),
        ] {
            options.certificateAuthority = path
            let broken = options
            let error = await #expect(throws: LoadError.self) { try await LoadRunner(broken).run() }
            #expect(error?.description == "the certificates in \(path) cannot be used: \(reason)")
        }
        _ = try nginx.stop()
    }
}
