/// Something that carries out plans: the readiness loops for plain HTTP/1.1, SwiftNIO for TLS and HTTP/2.
protocol LoadEngine: Sendable {
    /// Makes ready for the runs of a plan. Connections are made by the first run.
    func session(for plan: RunPlan) async throws -> any EngineSession
}

/// Runs of one plan, one after the other; connections that are still open serve the next run.
protocol EngineSession: Sendable {
    /// Sends the plan's requests and returns when the last one has ended. One run at a time.
    ///
    /// - Parameter control: Starts all loops together, stops them early, and shows how far they are.
    func run(_ control: RunControl) async throws -> [LoopReport]

    /// Closes the connections.
    func end() async throws
}

extension LoadEngine {
    /// Hands a session to the body and ends it afterwards, whatever comes of it.
    func withSession<Result: Sendable>(
        for plan: RunPlan, _ body: (any EngineSession) async throws -> Result
    ) async throws -> Result {
        let session = try await session(for: plan)
        do {
            let result = try await body(session)
            try await session.end()
            return result
        } catch {
            try await session.end()
            throw error
        }
    }
}
