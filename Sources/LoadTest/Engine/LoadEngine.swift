/// Something that carries out a plan: the readiness loops for plain HTTP/1.1, SwiftNIO for TLS and HTTP/2.
protocol LoadEngine: Sendable {
    /// Sends the plan's requests and returns when the last one has ended.
    ///
    /// - Parameters:
    ///   - plan: What to send, when, and for how long.
    ///   - control: Starts all loops together, stops them early, and shows how far they are.
    func run(_ plan: RunPlan, control: RunControl) async throws -> [LoopReport]
}
