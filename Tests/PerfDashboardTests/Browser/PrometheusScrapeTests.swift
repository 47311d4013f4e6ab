import AsyncHTTPClient
import Foundation
import Hummingbird
import NIOCore
import NIOPosix
import RequestMetrics
import Subprocess
import Testing

@testable import PerfDashboard

/// A real Prometheus that scrapes a real service.
@Suite struct PrometheusScrapeTests {
    @Test(.timeLimit(.minutes(10))) func prometheusStoresWhatWasCounted() async throws {
        let (scrapes, scraped) = AsyncStream.makeStream(of: Void.self)
        let access = ContextAccess { (request: Request, _: BasicRequestContext) in
            guard request.bearerToken == DashboardServer.token else { return .anonymous }
            scraped.yield()
            return .admin
        }
        let server = DashboardServer(access: access)
        for _ in 0..<123 {
            server.recorder.record(route: "/permits/{id}", method: "GET", status: 200, nanoseconds: 3_000_000)
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "pitwall-scrape-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }

        try await server.run { address in
            let configuration = """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: pitwall
                    authorization: {credentials: \(DashboardServer.token)}
                    static_configs: [{targets: ["\(address.replacingOccurrences(of: "http://", with: ""))"]}]
                """
            let file = folder.appending(path: "prometheus.yml")
            try configuration.write(to: file, atomically: true, encoding: .utf8)
            let port = try await Self.freePort()
            _ = try await Subprocess.run(
                .name("prometheus"),
                arguments: [
                    "--config.file=\(file.path)", "--storage.tsdb.path=\(folder.appending(path: "data").path)",
                    "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
                ], input: .none, output: .discarded, error: .discarded
            ) { prometheus in
                // When the third scrape begins the first is stored for certain.
                var scrape = scrapes.makeAsyncIterator()
                for _ in 0..<3 { await scrape.next() }
                let query = "http_server_request_duration_seconds_count{http_route=\"/permits/{id}\"}"
                let value = try await Self.value(of: query, port: port)
                #expect(value == "123")
                let quantile =
                    "histogram_quantile(0.5,http_server_request_duration_seconds_bucket{http_route=\"/permits/{id}\"})"
                let median = Double(try await Self.value(of: quantile, port: port) ?? "") ?? 0
                // Between the powers of two around 3 ms.
                #expect(median > 0.002_097_152 && median <= 0.004_194_304)
                await prometheus.teardown(using: [.gracefulShutDown(allowedDurationToNextStep: .seconds(10))])
            }
        }
    }

    private static func value(of query: String, port: Int) async throws -> String? {
        let address = "http://127.0.0.1:\(port)/api/v1/query?query=\(query.queryEncoded)"
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: address), timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 20)
        let json = try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any]
        let result = (json?["data"] as? [String: Any])?["result"] as? [[String: Any]]
        return (result?.first?["value"] as? [Any])?.last as? String
    }

    private static func freePort() async throws -> Int {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        defer { server.close(promise: nil) }
        return server.localAddress?.port ?? 0
    }
}
