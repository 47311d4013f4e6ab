import NIOCore
import NIOPosix
import NIOSSL

/// The null server for TLS and HTTP/2. It has as many threads as the generator has loops: encrypting costs both sides
/// the same, so that a single thread would be the limit and not the generator.
struct NIONullServer: NullServer {
    let target: Target
    private let group: MultiThreadedEventLoopGroup

    static func start(_ shape: CalibrationShape, unixSocket: String?, isPrompt: Bool) async throws -> NIONullServer {
        let wire = shape.wire
        let encryption = wire.isSecure ? try SelfSignedCertificate.serverContext(for: wire) : nil
        let group = MultiThreadedEventLoopGroup(numberOfThreads: shape.eventLoops)
        if isPrompt {
            for loop in group.makeIterator() { loop.execute { ReadinessLoop.runPromptly() } }
        }
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let encryption { try pipeline.addHandler(NIOSSLServerHandler(context: encryption)) }
                    try pipeline.addHandler(wire.usesHTTP2 ? NullHTTP2Handler() : NullHTTP1Handler())
                }
            }
        do {
            let scheme = wire.isSecure ? "https" : "http"
            let target: Target
            if let unixSocket {
                _ = try await bootstrap.bind(unixDomainSocketPath: unixSocket).get()
                target = try Target("\(scheme)://localhost", unixSocket: unixSocket)
            } else {
                let channel = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
                target = try Target("\(scheme)://127.0.0.1:\(channel.localAddress?.port ?? 0)")
            }
            return NIONullServer(target: target, group: group)
        } catch {
            try? await group.shutdownGracefully()
            throw LoadError.system("a socket for the null server: \(error)")
        }
    }

    func stop() async {
        // The group closes its channels; a failure leaves threads that do nothing.
        try? await group.shutdownGracefully()
        if let path = target.unixSocket { Socket.remove(path) }
    }
}
