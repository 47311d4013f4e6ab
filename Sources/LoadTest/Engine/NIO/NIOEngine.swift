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
        var configuration = transport.encryption
        configuration.applicationProtocols = transport.usesHTTP2 ? ["h2"] : ["http/1.1"]
        do {
            encryption = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badCertificate(
                transport.certificateAuthority ?? "the system's store", reason: Self.certificateProblem(error))
        }
    }

    private static func certificateProblem(_ error: any Error) -> String {
        if case NIOSSLError.noSuchFilesystemObject = error { return "there is no such file" }
        return "\(error)".contains("NO_CERTIFICATE") ? "it holds no certificate in PEM form" : "\(error)"
    }

    func session(for plan: RunPlan) async throws -> any EngineSession {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: plan.limits.loops)
        var loops: [NIOLoopBound<NIOLoop>] = []
        for (index, eventLoop) in group.makeIterator().enumerated() {
            loops.append(
                try await eventLoop.submit {
                    NIOLoopBound(
                        NIOLoop(plan: plan, loop: index, engine: self, eventLoop: eventLoop), eventLoop: eventLoop)
                }.get())
        }
        return NIOSession(group: group, loops: loops)
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

/// The loops of a plan with their connections, each on its own event loop.
private struct NIOSession: EngineSession {
    let group: MultiThreadedEventLoopGroup
    let loops: [NIOLoopBound<NIOLoop>]

    func run(_ control: RunControl) async throws -> [LoopReport] {
        try await withTaskCancellationHandler {
            let reports = loops.map { loop in loop.eventLoop.flatSubmit { loop.value.run(control) } }
            return try await EventLoopFuture.whenAllSucceed(reports, on: group.any()).get()
        } onCancel: {
            control.interrupt()
        }
    }

    func end() async throws {
        for loop in loops { try await loop.eventLoop.submit { loop.value.closeAll() }.get() }
        try await group.shutdownGracefully()
    }
}
