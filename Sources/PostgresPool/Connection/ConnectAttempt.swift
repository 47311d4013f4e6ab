import CLibPQ
import Synchronization

/// One attempt to connect.
///
/// Every call of libpq here runs on ``BlockingThreads``, because libpq resolves names inside `PQconnectStart` and
/// again inside `PQconnectPoll` when it goes on to the next host; between the calls the readiness thread waits for the
/// socket. The time-out does not depend on either: it gives the caller its answer even while the resolver hangs, and
/// whatever comes later is closed.
final class ConnectAttempt: ReadinessHandler {
    private struct Progress: ~Copyable {
        var handle: LibPQHandle?
        var token: UInt64 = 0
    }

    private typealias Outcome = Result<PhysicalConnection, ConnectFailure>

    private let parameters: ConnectParameters
    private let settings: PhysicalConnection.Settings
    /// Only locked by the blocking threads, which may wait inside; everybody else looks at ``waiter``.
    private let progress = Mutex(Progress())
    /// Taken by whoever has the answer first; nil means that the attempt is over.
    private let waiter = Mutex<CheckedContinuation<Outcome, Never>?>(nil)

    private init(_ parameters: ConnectParameters, settings: PhysicalConnection.Settings) {
        self.parameters = parameters
        self.settings = settings
    }

    /// Connects within the time given.
    ///
    /// The pool does this in tasks of its own: whoever waits for a connection waits on the pool, his cancellation does
    /// not cancel the connect, and a connection that nobody waits for any more is still of use to the next one.
    static func connect(
        _ parameters: ConnectParameters, settings: PhysicalConnection.Settings, timeout: Duration
    ) async throws(ConnectFailure) -> PhysicalConnection {
        let attempt = ConnectAttempt(parameters, settings: settings)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                attempt.waiter.withLock { $0 = continuation }
                let deadline = MonotonicTime.now.addingReportingOverflow(timeout.nanoseconds).partialValue
                ReadinessThread.shared.schedule(at: deadline) { [weak attempt] in
                    let failure = ConnectFailure(message: "no answer within \(timeout.inSeconds)", sqlState: nil)
                    attempt?.finish(.failure(failure))
                }
                BlockingThreads.connecting.submit { attempt.start() }
                if Task.isCancelled { attempt.finish(.failure(.cancelled)) }
            }
        } onCancel: {
            attempt.finish(.failure(.cancelled))
        }
        return try outcome.get()
    }

    func ready(_ happened: Readiness) {
        BlockingThreads.connecting.submit { [self] in poll() }
    }

    private func start() {
        let failure = progress.withLock { progress -> ConnectFailure? in
            guard let pointer = parameters.start() else {
                return ConnectFailure(message: "out of memory", sqlState: nil)
            }
            // Verbose, because the message is the only way to the server's SQLSTATE while connecting.
            PQsetErrorVerbosity(pointer, PQERRORS_VERBOSE)
            let handle = LibPQHandle(pointer)
            guard PQstatus(pointer) != CONNECTION_BAD else { return ConnectFailure(libpq: handle.errorMessage) }
            progress.handle = consume handle
            progress.token = ReadinessThread.shared.register(self)
            return nil
        }
        if let failure { finish(.failure(failure)) } else { poll(status: PGRES_POLLING_WRITING) }
    }

    private func poll(status initial: PostgresPollingStatusType? = nil) {
        let outcome = progress.withLock { progress -> Outcome? in
            guard let pointer = progress.handle?.pointer else { return nil }
            guard waiter.withLock({ $0 != nil }) else {
                Self.abandon(&progress)
                return nil
            }
            switch initial ?? PQconnectPoll(pointer) {
            case PGRES_POLLING_READING: return wait(for: .read, pointer, &progress)
            case PGRES_POLLING_WRITING: return wait(for: .write, pointer, &progress)
            case PGRES_POLLING_OK:
                PQsetErrorVerbosity(pointer, PQERRORS_DEFAULT)
                ReadinessThread.shared.deregister(progress.token, socket: PQsocket(pointer))
                guard let handle = progress.handle.take() else { return nil }
                return .success(PhysicalConnection(handle, settings: settings))
            default:
                let failure = ConnectFailure(libpq: String(cString: PQerrorMessage(pointer)).trimmingNewlines)
                Self.abandon(&progress)
                return .failure(failure)
            }
        }
        if let outcome { finish(outcome) }
    }

    private func wait(for interest: Readiness, _ pointer: OpaquePointer, _ progress: inout Progress) -> Outcome? {
        guard ReadinessThread.shared.arm(progress.token, socket: PQsocket(pointer), for: [interest, .oneShot]) else {
            Self.abandon(&progress)
            return .failure(ConnectFailure(message: "cannot wait for the socket of the connection", sqlState: nil))
        }
        return nil
    }

    private static func abandon(_ progress: inout Progress) {
        ReadinessThread.shared.deregister(progress.token, socket: progress.handle?.socket ?? -1)
        progress.handle = nil
    }

    /// Gives the answer, once. A connection that comes too late is closed; an attempt that is still under way is
    /// given up at its next step.
    private func finish(_ outcome: Outcome) {
        let continuation = waiter.withLock { $0.take() }
        if let continuation {
            continuation.resume(returning: outcome)
            if case .failure = outcome { BlockingThreads.connecting.submit { [self] in poll() } }
        } else if case .success(let connection) = outcome {
            connection.close(ConnectFailure(message: "connected too late", sqlState: nil))
        }
    }
}
