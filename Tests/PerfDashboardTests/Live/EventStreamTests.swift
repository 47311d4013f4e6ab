import AsyncHTTPClient
import Hummingbird
import NIOCore
import RequestMetrics
import Testing

@testable import PerfDashboard

@Suite struct EventStreamTests {
    @Test(.timeLimit(.minutes(5))) func aStreamSendsSectionsAtOnceAndEndsWithTheServer() async throws {
        let server = DashboardServer(access: ContextAccess { (_: Request, _: BasicRequestContext) in .admin })
        server.recorder.record(route: "/a", method: "GET", status: 200, nanoseconds: 1_000_000)
        // Returns with the stream still open: the server's shutdown must not wait for it.
        let response = try await server.run { address in
            let request = HTTPClientRequest(url: "\(address)/admin/perf/events?window=1h")
            return try await HTTPClient.shared.execute(request, timeout: .minutes(4))
        }
        var text = ""
        // A server that is going may close before the last chunk; what matters is that it does.
        do { for try await chunk in response.body { text += String(buffer: chunk) } } catch {}
        #expect(text.hasPrefix("retry: 2000\n\n"))
        #expect(text.isEmpty || !text.contains("<script"))
    }
}
