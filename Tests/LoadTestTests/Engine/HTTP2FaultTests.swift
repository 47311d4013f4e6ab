import Testing

@testable import LoadTest

/// HTTP/2 from targets that break it. Frames are written by hand (RFC 9113, 4.1), since no real server sends them.
@Suite struct HTTP2FaultTests {
    private static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
        [0, 0, UInt8(payload.count), type, flags, 0, 0, 0, stream] + payload
    }

    private static let settings = frame(4, 0, 0)
    /// `:status: 200`, more to come.
    private static let head = frame(1, 4, 1, [0x88])

    /// Answers what each connection begins with by these bytes, and closes it.
    private func errors(_ bytes: [UInt8], requests: Int = 200) async throws -> ScenarioResult {
        let server = try ScriptedServer { _ in [.sendBytes(bytes), .close] }
        var options = try LoadOptions.test(server.url, requests: requests, concurrency: 3)
        options.usesHTTP2 = true
        options.streamsPerConnection = 4
        let result = try await LoadRunner(options).run()
        server.stop()
        // A run in which everything fails may be given up before its end.
        #expect(result.scenarios[0].count > 0)
        #expect(result.scenarios[0].errorCount == result.scenarios[0].count)
        return result.scenarios[0]
    }

    @Test("What is no HTTP/2 is malformed, and not a connection that was merely closed")
    func malformed() async throws {
        for bytes in [
            // A ping in place of the settings, settings of no whole number, a push, an answer to a request never made.
            Self.frame(6, 0, 0, Array("12345678".utf8)), Self.frame(4, 0, 0, [1, 2, 3]),
            Self.settings + Self.frame(5, 4, 1, [0, 0, 0, 2, 0x82]), Self.settings + Self.frame(1, 5, 101, [0x88]),
            Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8),
        ] {
            let result = try await errors(bytes)
            #expect((result.errors["malformed"] ?? 0) > 0, "\(bytes): \(result.errors)")
        }
    }

    @Test(
        "Connections that end in mid-answer over and over are made anew, and none is taken for one that took too long")
    func endsInTheMiddle() async throws {
        let result = try await errors(Self.settings + Self.head + Self.frame(0, 0, 1, Array("o".utf8)), requests: 1_000)
        #expect(result.errors["connect_timeout"] == nil)
        // None of them waited for its time-out, so none has a latency.
        #expect(result.latency.max == nil)
    }

    @Test("A target that takes fewer streams than asked for is told of")
    func streamLimit() async throws {
        let server = try ScriptedServer { _ in
            [.sendBytes(Self.frame(4, 0, 0, [0, 3, 0, 0, 0, 1])), .pause(milliseconds: 50)]
        }
        var options = try LoadOptions.test(server.url, requests: 8, concurrency: 1)
        options.usesHTTP2 = true
        options.streamsPerConnection = 4
        options.requestTimeout = .milliseconds(200)
        let result = try await LoadRunner(options).run()
        server.stop()
        #expect(
            result.validity.notes.contains(
                "one: the target takes 1 request at once on a connection, not 4; the others waited for their turn, and "
                    + "that is in their latency. Lower --streams"))
    }
}
