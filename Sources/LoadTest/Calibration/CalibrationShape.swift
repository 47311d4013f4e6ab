/// The way that a run's requests take and how many share it: what a calibration is true of.
struct CalibrationShape: Codable, Hashable, Sendable {
    var wire: WireProtocol
    var isUnixSocket: Bool
    var connections: Int
    var streamsPerConnection: Int
    var eventLoops: Int

    /// The most requests under way at once.
    private static let mostSlots = 1_000

    /// What tells this shape's file in the cache from others.
    var fileName: String {
        let wire = wire.rawValue.filter(\.isLetter) + (wire.usesHTTP2 ? "2" : "1")
        let socket = isUnixSocket ? "-unix" : ""
        return "calibration-\(wire)\(socket)-\(connections)-\(streamsPerConnection)-\(eventLoops).json"
    }
}

extension CalibrationShape {
    /// The shape of a run.
    init(of target: Target, transport: TransportOptions, limits: RunLimits) {
        wire = transport.wire(for: target)
        isUnixSocket = target.unixSocket != nil
        // The null server is in this process and needs a descriptor for each connection too.
        connections = max(1, min(limits.connections, DescriptorLimit.most / 2))
        // As fast as it goes is reached by far fewer, and those under way at the end have to be waited for.
        streamsPerConnection = max(1, min(limits.streamsPerConnection, Self.mostSlots / connections))
        eventLoops = min(limits.loops, connections)
    }
}
