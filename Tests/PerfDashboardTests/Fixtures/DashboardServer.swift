import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import RequestMetrics
import ServiceLifecycle

@testable import PerfDashboard

/// A real service on a free port with the dashboard on it, counting its own requests.
struct DashboardServer: Sendable {
    static let token = "correct-horse-battery-staple"

    var store: any MetricsStore = MemoryStore()
    var recorder = RequestRecorder(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    var access: (any AccessPolicy)?
    var metricsToken: AdminToken?
    var updateInterval: Duration = .milliseconds(400)
    var patience: Duration = .seconds(3600)

    /// The dashboard's application, to test by router or live.
    func application() throws -> some ApplicationProtocol {
        try Application(
            responder: router().buildResponder(), configuration: .init(address: .hostname("127.0.0.1", port: 0)))
    }

    func router() throws -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/") { _, _ in "service" }
        let policy = try access ?? AdminTokenAccess(token: AdminToken(Self.token))
        PerfDashboard(
            store: store, recorder: recorder, access: policy, metricsToken: metricsToken,
            updateInterval: updateInterval, patience: patience,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).addRoutes(to: router)
        return router
    }

    /// Runs it and gives `body` its address.
    func run<Result: Sendable>(_ body: @Sendable (String) async throws -> Result) async throws -> Result {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        var quiet = Logger(label: "test")
        quiet.logLevel = .critical
        let application = try Application(
            responder: router().buildResponder(), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }, logger: quiet)
        let group = ServiceGroup(services: [application], logger: quiet)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let address = "http://127.0.0.1:\(await iterator.next() ?? 0)"
            let outcome: Swift.Result<Result, any Error>
            do { outcome = .success(try await body(address)) } catch { outcome = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try outcome.get()
        }
    }
}
