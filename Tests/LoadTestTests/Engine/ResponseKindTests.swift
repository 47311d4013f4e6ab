import Foundation
import Testing

@testable import LoadTest

/// Every kind of answer, good and broken, over both paths of the engine: none is ever a hang or a crash.
@Suite struct ResponseKindTests {
    enum Path: String, CaseIterable, Sendable {
        case readiness, nio
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let acts: [ScriptedServer.Act]
        /// `nil` for a good one.
        var error: ErrorKind?
        var method = "POST"
    }

    static let ok = "HTTP/1.1 200 OK\r\n"

    static let good = [
        Answer(testDescription: "sized", acts: [.ok()]),
        Answer(testDescription: "empty", acts: [.send(ok + "Content-Length: 0\r\n\r\n")]),
        Answer(
            testDescription: "chunked, with extension and trailer",
            acts: [.send(ok + "Transfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n")]),
        Answer(testDescription: "until the end", acts: [.send(ok + "\r\nuntil the end"), .close]),
        Answer(testDescription: "HTTP/1.0", acts: [.send("HTTP/1.0 200 OK\r\n\r\nold"), .close]),
        Answer(testDescription: "no content", acts: [.send("HTTP/1.1 204 No Content\r\n\r\n")]),
        Answer(
            testDescription: "not modified, with the length of what is not sent",
            acts: [.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n")]),
        Answer(testDescription: "HEAD", acts: [.send(ok + "Content-Length: 99\r\n\r\n")], method: "HEAD"),
        Answer(testDescription: "after 100 Continue", acts: [.send("HTTP/1.1 100 Continue\r\n\r\n"), .ok()]),
        Answer(
            testDescription: "after 103 Early Hints",
            acts: [.send("HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n"), .ok()]),
        Answer(
            testDescription: "a redirect, which is not followed",
            acts: [.send("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")]),
        Answer(testDescription: "byte by byte", acts: (ok + "Content-Length: 1\r\n\r\nx").map { .send(String($0)) }),
    ]

    static let broken = [
        Answer(testDescription: "dropped", acts: [.close], error: .closed),
        Answer(testDescription: "half a head", acts: [.send(ok + "Content-"), .close], error: .truncated),
        Answer(
            testDescription: "half a body", acts: [.send(ok + "Content-Length: 9\r\n\r\nhalf"), .close],
            error: .truncated),
        Answer(
            testDescription: "half a chunk",
            acts: [.send(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nab"), .close], error: .truncated),
        Answer(testDescription: "garbage", acts: [.send("SSH-2.0-OpenSSH_9.2\r\n")], error: .malformed),
        Answer(testDescription: "no status", acts: [.send("HTTP/1.1 OK\r\n\r\n")], error: .malformed),
        Answer(testDescription: "another version", acts: [.send("HTTP/3.0 200 OK\r\n\r\n")], error: .malformed),
        Answer(testDescription: "a header without colon", acts: [.send(ok + "Header\r\n\r\n")], error: .malformed),
        Answer(
            testDescription: "a length that is none", acts: [.send(ok + "Content-Length: -1\r\n\r\n")],
            error: .malformed),
        Answer(
            testDescription: "two lengths", acts: [.send(ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n")],
            error: .malformed),
        Answer(
            testDescription: "length and chunks",
            acts: [.send(ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")], error: .malformed),
        Answer(
            testDescription: "a chunk size that is none",
            acts: [.send(ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n")], error: .malformed),
        Answer(
            testDescription: "an endless head",
            acts: [.send(ok + String(repeating: "X-Long: \(String(repeating: "x", count: 90))\r\n", count: 3_000))],
            error: .malformed),
        Answer(testDescription: "no answer", acts: [.pause(milliseconds: 5_000)], error: .timeout),
        Answer(
            testDescription: "an unexpected status", acts: [.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")],
            error: .status),
        Answer(
            testDescription: "longer than stated", acts: [.send(ok + "Content-Length: 2\r\n\r\nokmore")],
            error: .surplus),
        Answer(
            testDescription: "no content, and content", acts: [.send("HTTP/1.1 204 No Content\r\n\r\ncontent")],
            error: .surplus),
        Answer(
            testDescription: "not modified, and a body",
            acts: [.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nbody")], error: .surplus),
        Answer(
            testDescription: "a body for HEAD", acts: [.send(ok + "Content-Length: 4\r\n\r\nbody")], error: .surplus,
            method: "HEAD"),
    ]

    @Test(arguments: Path.allCases, good + broken)
    func counted(path: Path, answer: Answer) async throws {
        let server = try ScriptedServer { _ in answer.acts }
        var options = try LoadOptions.test(server.url, requests: 4, concurrency: 2)
        // POST is never sent again, so that each request meets the server once.
        options.scenarios = [Scenario(name: "one", steps: [Step(method: answer.method, path: "/")])]
        if answer.error == .timeout { options.requestTimeout = .milliseconds(50) }
        let plan = try #require(try options.plans(options.limits(cores: 1)).first)
        let endpoint = try #require(try Endpoint.resolve(options.target).first)
        let engine: any LoadEngine =
            switch path {
            case .readiness: ReadinessEngine(endpoint: endpoint)
            case .nio: try NIOEngine(endpoint, target: options.target, transport: options.transport)
            }
        let reports = try await engine.withSession(for: plan) { try await $0.run(RunControl(loops: plan.limits.loops)) }
        server.stop()
        let tally = try #require(LoopReport.merged(reports)?.tallies.first)
        #expect(tally.finished == 4)
        #expect(server.count.received == 4)
        let errors = ErrorKind.allCases.filter { tally.errors[$0.index] > 0 }
        #expect(errors == (answer.error.map { [$0] } ?? []))
        #expect(tally.errorCount == (answer.error == nil ? 0 : 4))
        #expect(tally.answered == (answer.error.map { [.status, .surplus].contains($0) } != false ? 4 : 0))
    }
}
