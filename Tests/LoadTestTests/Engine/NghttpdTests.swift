import Foundation
import LoadTest
import Testing

/// HTTP/2 against nghttp2's own server, whose account of the frames that it received is the truth.
@Suite struct NghttpdTests {
    @Test("Counts agree with nghttpd's, stream by stream", arguments: [false, true], [1, 8])
    func counts(isSecure: Bool, streams: Int) async throws {
        let server = try Nghttpd(isSecure: isSecure)
        var options = try LoadOptions.test(
            "\(isSecure ? "https" : "http")://localhost:\(server.port)", requests: 100, concurrency: 3)
        options.usesHTTP2 = true
        options.streamsPerConnection = streams
        options.certificateAuthority = isSecure ? server.certificate : nil
        options.scenarios = [
            Scenario(name: "small", steps: [Step(path: "/small")]),
            // Larger than any window, so that the rest comes only when windows are given back.
            Scenario(name: "big", steps: [Step(path: "/big")]),
            Scenario(name: "upload", steps: [Step(method: "POST", path: "/small", body: "field=1")]),
            Scenario(
                name: "missing", steps: [Step(path: "/missing", expectation: Expectation(statuses: [404...404]))]),
        ]
        let result = try await LoadRunner(options).run()
        let received = try server.stop()
        for scenario in result.scenarios {
            #expect(scenario.errors == [:], "\(scenario.scenario)")
            #expect(scenario.count == 100)
        }
        #expect(
            result.scenarios.map(\.statusClasses) == [["2xx": 100], ["2xx": 100], ["2xx": 100], ["4xx": 100]])
        #expect(result.scenarios[1].bytesReceived >= UInt64(100 * Nghttpd.bigSize))
        #expect(received == ["GET /small": 100, "GET /big": 100, "POST /small": 100, "GET /missing": 100])
        #expect(result.target.protocol == (isSecure ? "h2" : "h2c"))
    }
}
