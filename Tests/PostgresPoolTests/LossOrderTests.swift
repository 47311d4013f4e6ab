import Dispatch
import PostgresFixture
import Synchronization
import Testing

@testable import PostgresPool

/// Who hears of a loss first. A borrower who was told before the pool would give the closed connection back, and take its
/// slot away, while the others of its generation stay.
@Suite(.timeLimit(.minutes(10))) struct LossOrderTests {
    private enum Event { case asked, loss, resumed }

    /// Runs tasks elsewhere, and notes at once when one can go on.
    private final class Recorder: TaskExecutor {
        private let noted = Mutex<[Event]>([])
        private let queue = DispatchQueue(label: "test")

        func note(_ event: Event) { noted.withLock { $0.append(event) } }

        func enqueue(_ job: consuming ExecutorJob) {
            note(.resumed)
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }

        /// What was noted after the statement had been sent.
        var afterwards: ArraySlice<Event> {
            noted.withLock { $0[(($0.firstIndex(of: .asked) ?? 0) + 1)...] }
        }
    }

    @Test func thePoolHearsOfALossBeforeWhoeverWaited() async throws {
        let recorder = Recorder()
        var settings = PhysicalConnection.Settings(statementCacheCapacity: 0)
        settings.onLoss = { _ in recorder.note(.loss) }
        let connection = try await ConnectAttempt.connect(
            ConnectParameters(connectionString: try await SharedServer.url()), settings: settings,
            timeout: .seconds(60))
        let statement = Task(executorPreference: recorder) {
            try await connection.execute("SELECT pg_sleep(600)", lease: connection.lease.number)
        }
        while connection.state.withLock({ $0.exchanges.isEmpty }) { await Task.yield() }
        recorder.note(.asked)
        try await SharedServer.psql("SELECT pg_terminate_backend(\(connection.serverProcess))")
        await #expect(throws: PostgresError.self) { try await statement.value }
        #expect(recorder.afterwards.first == .loss)
        #expect(recorder.afterwards.contains(.resumed))
    }
}
