import Foundation
import NIOCore
import Synchronization

/// Where the service listens, and how to open its dashboard.
package struct ServiceAddress: Sendable {
    package let host: String
    package let port: Int
    private var signInPath: String?

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    func with(signInPath: String?) -> ServiceAddress {
        var copy = self
        copy.signInPath = signInPath
        return copy
    }

    /// The service's first page.
    package var url: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)/" }

    /// The dashboard, with a link that signs in once where a token is set.
    package var dashboardURL: String { url + (signInPath ?? "/admin/perf").dropFirst() }

    /// Why the dashboard opens to nobody; `nil` where a token is set.
    package var closed: String? {
        signInPath == nil ? "closed: set ADMIN_TOKEN, 16 characters at least, and start again" : nil
    }

    /// Whether nothing but this machine can reach it.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}

/// Lets services that start beside the server wait until it listens.
final class Listening: Sendable {
    private let stream: AsyncStream<ServiceAddress>
    private let continuation: AsyncStream<ServiceAddress>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func begin(_ address: ServiceAddress) {
        continuation.yield(address)
        continuation.finish()
    }

    /// The address, once there is one; nil when cancelled before. For one caller.
    @Sendable func address() async -> ServiceAddress? {
        for await address in stream { return address }
        return nil
    }
}

/// The service could not listen.
package struct ListenError: Error, CustomStringConvertible {
    let host: String
    let port: Int
    let error: IOError

    package var description: String {
        let mend =
            switch error.errnoCode {
            case EADDRINUSE: "another program uses the port; choose another by --port"
            case EACCES: "the port is not allowed to this user; choose one above 1023 by --port"
            case EADDRNOTAVAIL: "this machine has no such address; choose another by --host"
            default: "\(error)"
            }
        return "cannot listen on \(host):\(port): \(mend)"
    }
}
