/// Runs one query a key at a time, whoever asks and however many they are.
///
/// Who asks while a query runs gets the answer of the *next* one, which everybody waiting shares: an answer is never
/// older than its question, and a slow store never sees more than one query of a kind at once.
actor SharedQuery<Key: Hashable & Sendable, Value: Sendable> {
    private struct Entry {
        var running: Task<Value, any Error>
        var next: Task<Value, any Error>?
    }

    private var entries: [Key: Entry] = [:]
    private let run: @Sendable (Key) async throws -> Value

    /// How many answers were asked for in all, and how many queries gave them.
    private(set) var questions = 0
    private(set) var runs = 0

    init(_ run: @escaping @Sendable (Key) async throws -> Value) {
        self.run = run
    }

    /// The answer to a query that began after this call.
    ///
    /// A waiter that is cancelled leaves the query to the others.
    func value(for key: Key) async throws -> Value {
        try await task(for: key).value
    }

    private func task(for key: Key) -> Task<Value, any Error> {
        questions += 1
        guard let entry = entries[key] else {
            let task = Task { try await self.start(key) }
            entries[key] = Entry(running: task)
            return task
        }
        if let next = entry.next { return next }
        let running = entry.running
        let next = Task {
            _ = await running.result
            return try await self.start(key)
        }
        entries[key]?.next = next
        return next
    }

    /// Runs the query and moves the one behind it up.
    private func start(_ key: Key) async throws -> Value {
        runs += 1
        defer {
            if let next = entries[key]?.next { entries[key] = Entry(running: next) } else { entries[key] = nil }
        }
        return try await run(key)
    }
}
