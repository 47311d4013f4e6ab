import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Reads `/admin/perf.json` of the target.
struct ServerReader: Sendable {
    /// The dashboard's window that holds the run, the shortest there is.
    enum Window: String {
        case fifteenMinutes = "15m"
        case hour = "1h"
        case day = "24h"

        /// - Parameter seconds: How long the run takes at most.
        init(holding seconds: Double) {
            // A few minutes are left for calibration, slow ends and the edges of minutes.
            self = seconds < 12 * 60 ? .fifteenMinutes : seconds < 55 * 60 ? .hour : .day
        }
    }

    private static let path = "/admin/perf.json"
    private static let timeout = TimeAmount.seconds(10)
    private static let bodyLimit = 16 << 20

    let target: Target
    let transport: TransportOptions
    let token: String
    let window: Window

    /// - Throws: ``ServerReadError``.
    func read() async throws(ServerReadError) -> ServerSnapshot {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        let body: Data
        do {
            var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
            configuration.tlsConfiguration = transport.encryption
            body = try await HTTPClient.withHTTPClient(configuration: configuration) { client in
                let response = try await client.execute(request, timeout: Self.timeout)
                guard response.status == .ok else { throw ServerReadError("it answers \(response.status.code)") }
                return Data(try await response.body.collect(upTo: Self.bodyLimit).readableBytesView)
            }
        } catch let error as ServerReadError {
            throw error
        } catch {
            throw ServerReadError("\(error)")
        }
        guard let snapshot = try? ServerSnapshot(from: body) else { throw ServerReadError("its answer is another one") }
        return snapshot
    }

    /// The dashboard is at the root of the host, wherever the pushed paths begin.
    private var url: String {
        let place = "\(Self.path)?window=\(window.rawValue)"
        guard let socket = target.unixSocket else {
            return "\(target.isSecure ? "https" : "http")://\(target.authority)\(place)"
        }
        let host = socket.addingPercentEncoding(withAllowedCharacters: .urlHostAllowed) ?? socket
        return "\(target.isSecure ? "https" : "http")+unix://\(host)\(place)"
    }
}

/// Why the target's own times are not known.
struct ServerReadError: Error, CustomStringConvertible {
    let description: String

    init(_ problem: String) {
        description = "the target's own times are not known: /admin/perf.json cannot be read: \(problem)"
    }
}
