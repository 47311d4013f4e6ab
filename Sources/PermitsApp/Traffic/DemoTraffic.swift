import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import ServiceLifecycle

/// Keeps a gentle stream of real requests on the demo service, so that its dashboard has something to show.
///
/// It talks to the service's own loopback address and to nothing else.
struct DemoTraffic: Service {
    /// Where the server listens, once it does.
    let address: @Sendable () async -> ServiceAddress?
    /// Mean time between two requests; visitors come at random (a Poisson process).
    let meanPause: Duration
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            guard let address = await address() else { return }
            guard address.isLoopback else {
                logger.warning(
                    "Demo traffic stays off: it only talks to loopback.", metadata: ["host": "\(address.host)"])
                try? await gracefulShutdown()
                return
            }
            var random = SplitMix(seed: UInt64(Date.now.timeIntervalSince1970))
            while !Task.isCancelled {
                let request = HTTPClientRequest(url: address.url + path(&random).dropFirst())
                do {
                    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10), logger: logger)
                    for try await _ in response.body {}
                } catch is CancellationError {
                    return
                } catch {
                    logger.debug("A demo request failed.", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: meanPause * -log(1 - random.unit())) } catch { return }
            }
        }
    }

    /// What visitors ask for: mostly searches and permits, now and then the site map, a wrong address or a bad search.
    private func path(_ random: inout SplitMix) -> String {
        switch random.below(100) {
        case 0..<18: "/"
        case 18..<48: "/search?q=\(words[random.below(words.count)])"
        case 48..<82: "/permits/\(random.below(PermitGenerator.count) + 1)"
        case 82..<91: "/demo"
        case 91..<94: "/health"
        case 94..<96: "/sitemap.xml"
        case 96..<98: "/permits/\(PermitGenerator.count + 1 + random.below(100))"
        case 98..<99: "/wp-login.php?attempt=\(random.below(1_000_000))"
        default: "/search?q=\(String(repeating: "a", count: 201))"
        }
    }

    private var words: [String] {
        [
            "valencia", "mission", "solar", "kitchen", "garage%20remodel", "seismic", "ramirez", "sunset", "demolition",
            "historic%20review", "roof", "noe%20street", "hotel", "tanaka", "nothing-like-this",
        ]
    }
}
