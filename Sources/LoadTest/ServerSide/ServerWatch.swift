/// Asks the target for its own times before and after a run. Whatever goes wrong is a note, never the run's end.
actor ServerWatch {
    private let reader: ServerReader
    private let isExpected: Bool
    private var before: Result<ServerSnapshot, ServerReadError>?

    /// `nil` without a token.
    ///
    /// - Parameter seconds: How long the run takes at most.
    init?(_ options: LoadOptions, seconds: Double) {
        guard let admin = options.admin else { return nil }
        reader = ServerReader(
            target: options.target, transport: options.transport, token: admin.token,
            window: ServerReader.Window(holding: seconds))
        isExpected = admin.isExpected
    }

    func begin() async {
        before = await read()
    }

    /// Both sides of the run; `nil` when the target says nothing and nobody said that it would.
    func end(_ clients: [ClientTimes]) async -> ServerSide? {
        guard case .success(let before) = before else { return explanation(before) }
        switch await read() {
        case .success(let after): return ServerSide(before: before, after: after, clients: clients)
        case .failure(let error): return explanation(.failure(error))
        }
    }

    private func explanation(_ result: Result<ServerSnapshot, ServerReadError>?) -> ServerSide? {
        guard isExpected, case .failure(let error) = result else { return nil }
        return ServerSide(routes: [], notes: [error.description])
    }

    private func read() async -> Result<ServerSnapshot, ServerReadError> {
        do throws(ServerReadError) { return .success(try await reader.read()) } catch { return .failure(error) }
    }
}
