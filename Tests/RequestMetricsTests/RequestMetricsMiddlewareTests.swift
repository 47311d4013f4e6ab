import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LatencyHistogram
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import RequestMetrics

@Suite struct RequestMetricsMiddlewareTests {
    private let recorder = RequestRecorder(instance: "a")

    private struct Unexpected: Error {}

    private func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestMetricsMiddleware(recorder))
        router.get("/permits/{id}") { _, context in try context.parameters.require("id") }
        router.get("/teapot") { _, _ -> String in throw HTTPError(.init(code: 418)) }
        router.get("/crash") { _, _ -> String in throw Unexpected() }
        router.get("/cancel") { _, _ -> String in throw CancellationError() }
        router.get("/stream") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for part in 0..<3 { try await writer.write(ByteBuffer(string: "\(part)")) }
                    try await writer.finish(nil)
                })
        }
        router.get("/admin/perf/route") { _, _ in "dashboard" }
        router.get("/admin/performance") { _, _ in "service" }
        return router
    }

    private var counts: [SeriesKey: UInt64] {
        recorder.pending().flatMap(\.series).reduce(into: [:]) { $0[$1.key, default: 0] += $1.histogram.count }
    }

    private func key(_ route: String, _ status: Int, method: String = "GET") -> SeriesKey {
        SeriesKey(route: route, method: method, status: status)
    }

    @Test func routesAreTemplatesAndErrorsHaveTheirStatus() async throws {
        try await Application(router: router()).test(.live) { client in
            for id in 0..<5 {
                try await client.execute(uri: "/permits/\(id)", method: .get) { #expect($0.status == .ok) }
            }
            try await client.execute(uri: "/permits/1", method: .head) { #expect($0.status == .ok) }
            try await client.execute(uri: "/teapot", method: .get) { #expect($0.status.code == 418) }
            try await client.execute(uri: "/crash", method: .get) { #expect($0.status == .internalServerError) }
            try await client.execute(uri: "/cancel", method: .get) { #expect($0.status == .internalServerError) }
            try await client.execute(uri: "/stream", method: .get) { #expect(String(buffer: $0.body) == "012") }
            try await client.execute(uri: "/admin/perf/route", method: .get) { #expect($0.status == .ok) }
            try await client.execute(uri: "/admin/performance", method: .get) { #expect($0.status == .ok) }
        }
        var dashboard = key("/admin/perf/route", 200)
        dashboard.surface = .dashboard
        #expect(
            counts == [
                .permit: 5, key("/permits/{id}", 200, method: "HEAD"): 1, key("/teapot", 418): 1, key("/crash", 500): 1,
                key("/cancel", 500): 1, key("/stream", 200): 1, dashboard: 1, key("/admin/performance", 200): 1,
            ])
    }

    @Test func hostilePathsAndMethodsShareOneRoute() async throws {
        let paths = [
            "/%3Cscript%3Ealert(1)%3C/script%3E", "/../../etc/passwd", "/%00",
            "/" + String(repeating: "a", count: 3000),
        ]
        try await Application(router: router()).test(.live) { client in
            for path in paths {
                try await client.execute(uri: path, method: .get) { #expect($0.status == .notFound) }
            }
            let method = try #require(HTTPRequest.Method("PROPFIND"))
            try await client.execute(uri: "/permits/1", method: method) { #expect($0.status == .notFound) }
            for number in 0..<500 { try await client.execute(uri: "/scan/\(number)", method: .get) }
        }
        #expect(counts == [key("_unmatched", 404): 504, key("_unmatched", 404, method: "_OTHER"): 1])
    }

    @Test func thousandsOfConcurrentRequestsAreCountedExactlyWhileTheStoreHangs() async throws {
        let store = GatedStore(.hang)
        var settings = DrainSettings()
        settings.interval = .milliseconds(100)
        let app = Application(router: router(), services: [MetricsDrain(recorder, to: store, settings: settings)])
        try await app.test(.ahc(.http)) { client in
            var writes = store.writes.makeAsyncIterator()
            _ = await writes.next()
            // The store holds the first batch and answers nothing; every request is answered all the same.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for number in 0..<250 {
                            let path = number % 5 == 0 ? "/teapot" : "/permits/\(worker)"
                            try await client.execute(uri: path, method: .get) { #expect($0.body.readableBytes >= 0) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            store.open()
        }
        #expect(store.keptRequests == 2000)
        let counts = store.kept.flatMap(\.series).reduce(into: [:]) { $0[$1.key, default: 0] += $1.histogram.count }
        #expect(counts == [.permit: 1600, key("/teapot", 418): 400])
    }

    @Test func aStreamIsMeasuredToItsLastByte() async throws {
        let (started, start) = AsyncStream<Void>.makeStream()
        let (gate, open) = AsyncStream<Void>.makeStream()
        let router = router()
        router.get("/slow") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "first"))
                    start.yield()
                    for await _ in gate { break }
                    try await writer.finish(nil)
                })
        }
        try await Application(router: router).test(.live) { client in
            async let response: Void = client.execute(uri: "/slow", method: .get) { _ in }
            for await _ in started { break }
            #expect(counts[key("/slow", 200)] == nil, "not recorded while it is still being written")
            open.yield()
            try await response
        }
        #expect(counts == [key("/slow", 200): 1])
    }

    @Test func aClientThatLeavesIsCounted() async throws {
        let (entered, enter) = AsyncStream<Void>.makeStream()
        let (left, leave) = AsyncStream<Void>.makeStream()
        let router = router()
        let part = ByteBuffer(repeating: 0, count: 65536)
        router.get("/download") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    enter.yield()
                    for await _ in left { break }
                    // More than the socket holds, so that one of the writes meets the closed connection.
                    for _ in 0..<1000 { try await writer.write(part) }
                    try await writer.finish(nil)
                })
        }
        try await Application(router: router).test(.live) { client in
            let port = try #require(client.port)
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            let request = ByteBuffer(string: "GET /download HTTP/1.1\r\nHost: x\r\n\r\n")
            try await channel.writeAndFlush(request)
            for await _ in entered { break }
            try await channel.close()
            leave.yield()
            while counts[key("/download", 200)] == nil { await Task.yield() }
        }
        #expect(counts == [key("/download", 200): 1])
    }

    @Test func aResponseThatIsNeverSentCountsAsLeft() throws {
        var measurement: RequestMeasurement? = RequestMeasurement(recorder, method: "GET")
        measurement?.route("/permits/{id}", DashboardRoutes([]))
        measurement = nil
        #expect(counts == [key("/permits/{id}", 499): 1])
    }

    @Test func aRequestThatIsCancelledCountsAsLeft() async throws {
        let (entered, enter) = AsyncStream<Void>.makeStream()
        let router = router()
        router.get("/wait") { _, _ -> String in
            enter.yield()
            try await Task.sleep(for: .seconds(3600))
            return "never"
        }
        try await Application(router: router).test(.router) { client in
            let request = Task { try await client.execute(uri: "/wait", method: .get) { _ in } }
            for await _ in entered { break }
            request.cancel()
            _ = await request.result
        }
        #expect(counts == [key("/wait", 499): 1])
    }

    @Test func aBodyInOneBufferKeepsItsOneWrite() {
        #expect(ResponseBody(byteBuffer: ByteBuffer(string: "permit")).isSentWithHead)
        #expect(ResponseBody().isSentWithHead)
        #expect(!ResponseBody(byteBuffer: ByteBuffer(repeating: 0, count: 65537)).isSentWithHead)
        #expect(!ResponseBody(contentLength: 3) { _ in }.isSentWithHead)
        #expect(!ResponseBody(contentsOf: [ByteBuffer(string: "a")]).isSentWithHead)
    }

    @Test func aMeasurementEndsOnce() throws {
        let measurement = RequestMeasurement(recorder, method: "GET")
        measurement.end(status: 200)
        measurement.end(status: 500)
        #expect(counts == [key("_unmatched", 200): 1])
    }
}
