import LatencyHistogram
public import Logging
public import ServiceLifecycle
import Synchronization

/// A pool of connections to a Postgres server.
///
/// ```swift
/// let pool = try PostgresPool(configuration: PostgresPoolConfiguration(reader: reader))
/// // in a ServiceGroup, next to the server: ServiceGroup(services: [pool, server], …)
/// let rows = try await pool.query("SELECT title FROM permits WHERE city = \(city)")
/// ```
/// The pool is a `Service`: ``run()`` makes, looks after and closes connections; without it callers wait in vain
/// until the acquire timeout.
/// A program without services uses ``withPool(_:logger:_:)``.
///
/// Connections are lent in the order of asking, for the time of a closure, and come back clean: what the borrower left
/// running is cancelled, what he left open is rolled back, what he left in the session is discarded.
public final class PostgresPool: Service {
    /// The settings.
    public let configuration: PostgresPoolConfiguration

    let logger: Logger
    let metrics: PoolMetrics
    let parameters: ConnectParameters
    let state: Mutex<State>
    let observers = PoolObservers()
    let jobs: AsyncStream<Job>
    private let jobsContinuation: AsyncStream<Job>.Continuation
    /// Whether a pooler has refused start-up options: then settings are made with `SET`.
    let refusesOptions = Atomic(false)
    /// Whether it is still to be found out, when somebody changes his session, if a pooler is in between.
    let asksForPooler = Atomic(true)
    let hasReportedPooledSession = Atomic(false)
    let functions = FunctionEffects()

    typealias Machine = PoolStateMachine<PhysicalConnection>

    struct State {
        var machine: Machine
        var continuations: [UInt64: CheckedContinuation<PoolGrant<PhysicalConnection>, any Error>] = [:]
        /// The earliest tick that a timer is set for.
        var nextTick: UInt64 = .max
        var isRunning = false
        /// How many time-outs the metrics have been told of.
        var reportedTimeouts = 0
    }

    /// Work that takes time, done by ``run()``.
    enum Job: Sendable {
        case connect(SlotID)
        case check(SlotID, PhysicalConnection)
        case clean(SlotID, PhysicalConnection)
    }

    /// A pool; it connects when it is run.
    ///
    /// - Throws: ``ConfigurationError`` for the first setting that cannot be used.
    public init(
        configuration: PostgresPoolConfiguration, logger: Logger = Logger(label: "postgres.pool")
    ) throws(ConfigurationError) {
        try configuration.validate()
        var parameters = try ConnectParameters(connectionString: configuration.connectionString)
        parameters.addDefaults(applicationName: configuration.applicationName)
        self.parameters = parameters
        self.configuration = configuration
        self.logger = logger
        metrics = PoolMetrics(poolName: configuration.applicationName)
        state = Mutex(State(machine: Machine(limits: configuration.limits)))
        (jobs, jobsContinuation) = AsyncStream.makeStream()
    }

    /// Runs a pool for the time of a closure, then shuts it down.
    public static func withPool<Result: Sendable>(
        _ configuration: PostgresPoolConfiguration, logger: Logger = Logger(label: "postgres.pool"),
        _ body: @Sendable (PostgresPool) async throws -> Result
    ) async throws -> Result {
        let pool = try PostgresPool(configuration: configuration, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pool.run() }
            do {
                let result = try await body(pool)
                pool.shutDown()
                try await group.waitForAll()
                return result
            } catch {
                pool.shutDown()
                try? await group.waitForAll()
                throw error
            }
        }
    }

    /// Makes, looks after and closes connections until the service group shuts down gracefully, or ``shutDown()``.
    ///
    /// At shut-down, callers that wait get ``PostgresError/shutDown``; borrowers may end within the drain timeout, then
    /// their connections are closed under them. When the task is cancelled, everything is closed at once.
    public func run() async throws {
        let isFirst = state.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else { throw PostgresError.misuse("the pool is running already; call run() once") }
        tick()
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await withDiscardingTaskGroup { group in
                    for await job in jobs { group.addTask { await self.perform(job) } }
                    group.cancelAll()
                }
            } onGracefulShutdown: { [self] in
                shutDown()
            }
        } onCancel: {
            change { machine, now, actions in machine.closeEverything(now: now, &actions) }
        }
    }

    /// Begins to shut down; ``run()`` returns when the last connection is closed. Calling it again does nothing.
    public func shutDown() {
        change { machine, now, actions in machine.shutDown(now: now, &actions) }
        let deadline = MonotonicTime.now + configuration.drainTimeout.nanoseconds
        ReadinessThread.shared.schedule(at: deadline) { [weak self] in
            self?.change { machine, now, actions in machine.closeEverything(now: now, &actions) }
        }
    }

    // MARK: The machine

    /// Tells the machine of an event and carries out what it wants.
    @discardableResult
    func change<Result: Sendable>(_ event: (inout Machine, UInt64, inout [Machine.Action]) -> Result) -> Result {
        changeState { state, now, actions in event(&state.machine, now, &actions) }
    }

    /// The same for events that touch the waiters' continuations too. Actions are carried out, and waiters resumed,
    /// after the mutex is released.
    func changeState<Result: Sendable>(_ event: (inout State, UInt64, inout [Machine.Action]) -> Result) -> Result {
        var actions: [Machine.Action] = []
        var resumptions: [() -> Void] = []
        var timer: UInt64?
        let result = state.withLock { state in
            let result = event(&state, MonotonicTime.now, &actions)
            for action in actions {
                if let resumption = state.resumption(for: action) { resumptions.append(resumption) }
            }
            timer = state.claimTick()
            return result
        }
        for action in actions { carryOut(action) }
        for resume in resumptions { resume() }
        if let timer { scheduleTick(at: timer) }
        observers.notify()
        return result
    }

    func tick() {
        let (health, idle, waiting, newTimeouts) = changeState { state, now, actions in
            state.nextTick = .max
            state.machine.tick(now: now, &actions)
            let newTimeouts = state.machine.counts.timedOut - state.reportedTimeouts
            state.reportedTimeouts += newTimeouts
            return (state.machine.health(now: now), state.machine.idle.count, state.machine.waiters.count, newTimeouts)
        }
        metrics.report(health, idle: idle, waiting: waiting, newTimeouts: newTimeouts)
    }

    private func scheduleTick(at time: UInt64) {
        ReadinessThread.shared.schedule(at: time) { [weak self] in
            guard let self, state.withLock({ $0.nextTick == time }) else { return }
            tick()
        }
    }

    private func carryOut(_ action: Machine.Action) {
        switch action {
        case .grant, .fail: break
        case .connect(let slot): jobsContinuation.yield(.connect(slot))
        case .check(let slot, let connection): jobsContinuation.yield(.check(slot, connection))
        case .clean(let slot, let connection): jobsContinuation.yield(.clean(slot, connection))
        case .closeIfSilent(let connection): connection.closeIfSilent(now: MonotonicTime.now)
        case .close(let connection, let reason): connection.close(PostgresError.closed(reason))
        case .drained: jobsContinuation.finish()
        case .warnOfExhaustion(let exhaustion, let heldBack): logExhaustion(exhaustion, heldBack: heldBack)
        case .reportHeld(let site, let nanoseconds): logHeld(site, nanoseconds)
        case .reportReturned(let site, let nanoseconds): logReturned(site, nanoseconds)
        case .reportConnecting(let failure): logConnecting(failure)
        }
    }
}

extension PostgresPool.State {
    /// The time of the machine's next tick, unless a timer is set that comes before.
    fileprivate mutating func claimTick() -> UInt64? {
        // Whoever waits is told in time even of a pool that nobody runs.
        guard isRunning || !machine.waiters.isEmpty, !machine.isShuttingDown else { return nil }
        let next = machine.nextTick
        guard next < nextTick else { return nil }
        nextTick = next
        return next
    }

    /// What resumes the waiter that the action is about.
    fileprivate mutating func resumption(for action: PostgresPool.Machine.Action) -> (() -> Void)? {
        switch action {
        case .grant(let request, let grant):
            guard let continuation = continuations.removeValue(forKey: request) else { return nil }
            return { continuation.resume(returning: grant) }
        case .fail(let request, let error):
            guard let continuation = continuations.removeValue(forKey: request) else { return nil }
            if case .acquireTimeout(var exhaustion) = error, !isRunning {
                exhaustion.isRunning = false
                return { continuation.resume(throwing: PostgresError.acquireTimeout(exhaustion)) }
            }
            return { continuation.resume(throwing: error) }
        default:
            return nil
        }
    }
}

extension PostgresError {
    /// What a borrower sees whose connection the pool has closed.
    static func closed(_ reason: CloseReason) -> PostgresError {
        reason == .shutDown ? .shutDown : .connectionLost("the pool closed it (\(reason.rawValue))")
    }
}
