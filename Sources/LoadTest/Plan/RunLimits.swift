/// The bounds of one run of the engine.
struct RunLimits: Sendable {
    /// How many connections are open at once; with HTTP/2, how many connections carry the streams.
    var connections: Int
    /// How many requests are under way at once on a connection: 1 for HTTP/1.1.
    var streamsPerConnection = 1
    /// For how long requests are sent, in nanoseconds.
    var duration: UInt64
    /// How many requests are sent at most.
    var requests: Int?
    /// Nanoseconds for a connection to be made, encryption included.
    var connectTimeout: UInt64
    /// Nanoseconds from writing a request to the last byte of its response.
    var requestTimeout: UInt64
    /// How many event loops share the connections.
    var loops: Int

    /// How many requests are under way at once at most.
    var slots: Int { connections * streamsPerConnection }

    /// How many of `total` things fall to a loop, so that all loops' shares add up to the total.
    func share(of total: Int, loop: Int) -> Int {
        total / loops + (loop < total % loops ? 1 : 0)
    }
}

/// What lies between the engine and the target besides TCP.
struct TransportOptions: Sendable, Hashable {
    var usesHTTP2 = false
    /// Accept any certificate.
    var isInsecure = false
    /// A PEM file of certificates to trust instead of the system's.
    var certificateAuthority: String?

    func wire(for target: Target) -> WireProtocol {
        WireProtocol(isSecure: target.isSecure, usesHTTP2: usesHTTP2)
    }

    /// The engine that can speak to the target: over readiness events where that is enough.
    func engine(for target: Target, at endpoint: Endpoint) throws(LoadError) -> any LoadEngine {
        if wire(for: target) == .http1 { return ReadinessEngine(endpoint: endpoint) }
        return try NIOEngine(endpoint, target: target, transport: self)
    }
}
