import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// TLS and HTTP/2 on SwiftNIO, one loop a core. It shares the dispatcher with the readiness engine, so schedules,
/// tallies and their meaning are the same on both paths.
struct NIOEngine: LoadEngine {
    let address: SocketAddress
    private let encryption: NIOSSLContext?

    /// Prepares connections to an endpoint.
    ///
    /// - Throws: ``LoadError/badCertificate(_:reason:)`` when the trusted certificates cannot be read.
    init(_ endpoint: Endpoint, target: Target, transport: TransportOptions) throws(LoadError) {
        do {
            address = try Self.socketAddress(endpoint, of: target)
        } catch {
            throw .system("an address: \(error)")
        }
        guard target.isSecure else {
            encryption = nil
            return
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        if transport.isInsecure { configuration.certificateVerification = .none }
        if let path = transport.certificateAuthority { configuration.trustRoots = .file(path) }
        configuration.applicationProtocols = transport.usesHTTP2 ? ["h2"] : ["http/1.1"]
        do {
            encryption = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badCertificate(transport.certificateAuthority ?? "the system's store", reason: "\(error)")
        }
    }

    func run(_ plan: RunPlan, control: RunControl) async throws -> [LoopReport] {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: plan.limits.loops)
        let eventLoops = Array(group.makeIterator())
        let result = await Result {
            try await withThrowingTaskGroup(of: LoopReport.self) { tasks in
                for (loop, eventLoop) in eventLoops.enumerated() {
                    tasks.addTask {
                        try await eventLoop.flatSubmit {
                            NIOLoop(plan: plan, loop: loop, engine: self, eventLoop: eventLoop, control: control).run()
                        }.get()
                    }
                }
                return try await withTaskCancellationHandler {
                    var reports: [LoopReport] = []
                    for try await report in tasks { reports.append(report) }
                    return reports
                } onCancel: {
                    control.interrupt()
                }
            }
        }
        try await group.shutdownGracefully()
        return try result.get()
    }

    /// A handler that encrypts a connection to the target; `nil` for a plain target.
    func encryptionHandler(for target: Target) throws -> NIOSSLClientHandler? {
        guard let encryption else { return nil }
        // An address is no server name (RFC 6066, 3); its certificate is checked against the peer's address instead.
        let isAddress = (try? SocketAddress(ipAddress: target.host, port: 0)) != nil
        return try NIOSSLClientHandler(context: encryption, serverHostname: isAddress ? nil : target.host)
    }

    private static func socketAddress(_ endpoint: Endpoint, of target: Target) throws -> SocketAddress {
        if let path = target.unixSocket { return try SocketAddress(unixDomainSocketPath: path) }
        // The system wrote these bytes as the structure that belongs to their family.
        return endpoint.address.withUnsafeBytes { bytes in
            endpoint.isIPv6
                ? SocketAddress(bytes.loadUnaligned(as: sockaddr_in6.self), host: target.host)
                : SocketAddress(bytes.loadUnaligned(as: sockaddr_in.self), host: target.host)
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
