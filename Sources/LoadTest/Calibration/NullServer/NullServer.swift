import Foundation

/// A server that does nothing: it answers each request with the same few bytes, on threads of its own in this process.
/// What a request to it costs is the generator's own cost and the kernel's.
protocol NullServer: Sendable {
    /// Where it listens.
    var target: Target { get }

    /// Ends its threads, which closes all sockets.
    func stop() async
}

extension CalibrationShape {
    /// Starts a server that speaks what the run speaks.
    ///
    /// - Parameter isPrompt: Whether its threads go before others, where they may: for a generator that keeps a schedule
    ///   and does so itself, so that what the server waits for a processor is not taken for the generator's noise.
    /// - Throws: ``LoadError/system(_:)`` when the system has no socket or address for it.
    func startNullServer(isPrompt: Bool) async throws -> any NullServer {
        let path = isUnixSocket ? Self.freeSocketPath() : nil
        guard wire == .http1 else { return try await NIONullServer.start(self, unixSocket: path, isPrompt: isPrompt) }
        let server = try PlainNullServer(unixSocket: path)
        server.start(isPrompt: isPrompt)
        return server
    }

    /// Short, because the path of a unix socket may have 107 bytes, on some systems 103.
    private static func freeSocketPath() -> String {
        FileManager.default.temporaryDirectory.appending(path: "pitwall-\(UInt32.random(in: 0 ... .max)).sock").path
    }
}
