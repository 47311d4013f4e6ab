import CLibPQ
import DequeModule
import Synchronization

/// One connection to the server: the only type that calls libpq on an open connection.
///
/// Safe without `@unchecked`: the handle lives in a `Mutex` and every call of libpq on it happens while that mutex is
/// held, by whichever thread has something to do: the task that sends a statement, looks for its answer or cancels it, or
/// the readiness thread when an answer arrives. No call made here blocks (the socket is non-blocking and names are
/// resolved). Continuations are resumed after the mutex is released.
///
/// Statements go out in libpq's pipeline mode, each with its own sync: one statement's error is its own, and several
/// tasks may use a connection at once without waiting for each other's answers.
final class PhysicalConnection: ReadinessHandler {
    struct Settings: Sendable {
        /// How many statements are kept prepared.
        var statementCacheCapacity: Int
        /// What sets the session's settings where the start-up message could not; again after each `DISCARD ALL`.
        var setUp: PostgresQuery?
        /// Whether a connection is reset after every lease, not only after statements that may have changed the session.
        var resetsAlways = false
        /// What is known of the database's functions.
        var functions = FunctionEffects()
        /// How long the server may owe an answer without a word; nil when nothing bounds its statements.
        var silenceLimit: SilenceLimit?
        /// Called once when the connection has closed by itself, on any thread.
        var onLoss: @Sendable (PostgresError) -> Void = { _ in }
        /// Called when the server refused a write because it has become read-only.
        var onDemotion: @Sendable () -> Void = {}
        /// Asked, before the first statement that changes the session is undone, whether a pooler in between is of interest.
        var asksForPooler: @Sendable () -> Bool = { false }
        /// Called when a session was changed behind a pooler, with the statement that did it.
        var onPooledSession: @Sendable (String) -> Void = { _ in }
        /// Called with the time that each statement took, in nanoseconds.
        var onStatement: @Sendable (UInt64) -> Void = { _ in }
    }

    let settings: Settings
    let state: Mutex<State>
    /// Who has the connection.
    let lease = CurrentLease()

    /// The state behind the mutex.
    struct State: ~Copyable {
        var handle: LibPQHandle?
        var token: UInt64 = 0
        /// The thread that waits for the socket.
        let thread = ReadinessThread.next()
        /// What the socket is watched for, so that unchanged interest costs no system call.
        var interest: Readiness = []
        /// The statement whose answer a task looks for at the moment: then the readiness thread is not to wake for it.
        var polled: Exchange?
        /// How many answers were looked for since other tasks had their turn.
        var searches = 0
        /// Statements sent and not answered, oldest first.
        var exchanges = Deque<Exchange>()
        /// How many of them, from the oldest on, are answered and wait for the sync that ends their transaction.
        var answered = 0
        /// How many syncs are sent and not answered.
        var syncs = 0
        /// Statements that only read and wait to be sent together, oldest first.
        var reads = Deque<Exchange>()
        var statements: StatementCache
        /// What the functions that they call leave in the session.
        let functions: FunctionEffects
        /// Whether a statement of this lease may have left something in the session.
        var needsReset = false
        /// The first such statement.
        var resetCause = ""
        /// Whether it may have left something that no reset undoes.
        var needsClosing = false
        /// The functions that were called and the tables that were changed of which is not known what they leave.
        var unseen: Set<String> = []
        /// Whether functions or triggers may have been defined.
        var hasDefined = false
        /// Whether the server ends statements of this lease after the pool's statement timeout, as far as their texts tell.
        var hasStatementTimeout = true
        /// Counts the events of the socket: while it stands still, nothing has been heard of the server.
        var heard: UInt64 = 0
        /// Since when nothing has been heard although the server owes an answer, as far as has been looked.
        var silence: Silence?
        /// Whether the pool has asked for transactions on this connection to be read-only.
        var isReadOnlyByChoice = false
        /// Cancel requests on their way to the server. Until they have arrived, the next statement could be hit.
        var cancelRequests = 0
        /// Who is to be told when the connection is quiet: nothing in flight, no cancel request on its way.
        var quietWaiter: UnsafeContinuation<Bool, Never>?
        /// A stream or COPY that has the connection for itself.
        var isExclusive = false
        /// The stream's or COPY's task, when it waits for the socket.
        var exclusiveWaiter: UnsafeContinuation<Void, Never>?
        var listeners: [UInt64: Listener] = [:]
        var lastListener: UInt64 = 0
        var closeReason: (any Error)?
        /// Told from one another so that a late timer of an earlier wait does nothing.
        var lastWait: UInt64 = 0
        var lastDeadline: UInt64 = 0
        /// A COPY is under way: libpq is out of pipeline mode.
        var isCopying = false
        var copySQL = ""
        var copiedRows = 0
        var copyFailure: ServerError?
        /// Whether the open stream runs inside a transaction.
        var streamsInTransaction = false
    }

    /// Takes over an open handle.
    init(_ handle: consuming LibPQHandle, settings: Settings) {
        self.settings = settings
        PQsetnonblocking(handle.pointer, 1)
        PQenterPipelineMode(handle.pointer)
        state = Mutex(
            State(
                handle: consume handle,
                statements: StatementCache(capacity: settings.statementCacheCapacity),
                functions: settings.functions
            )
        )
        state.withLock { state in
            state.token = state.thread.register(self)
            state.watch(.read)
        }
    }

    /// Changes the state and does afterwards, outside the mutex, what that asks for.
    func perform<Result: Sendable>(_ change: (inout State, inout Aftermath) -> Result) -> Result {
        var aftermath = Aftermath()
        let result = state.withLock { state in
            let result = change(&state, &aftermath)
            state.noteQuiet(&aftermath)
            return result
        }
        // Before anybody is told: a borrower who is quick to give a closed connection back would take the slot with him,
        // and the loss, which is more than his, would be of nobody's any more.
        if let loss = aftermath.hasSeldom?.loss { settings.onLoss(loss) }
        aftermath.completions.resume()
        aftermath.exclusiveWaiter?.resume()
        if let (continuation, isQuiet) = aftermath.quietWaiter { continuation.resume(returning: isQuiet) }
        if let seldom = aftermath.hasSeldom { finish(seldom) }
        return result
    }

    private func finish(_ seldom: Aftermath.Seldom) {
        for (listener, notification) in seldom.notifications { listener.yield(notification) }
        for (listener, reason) in seldom.endedListeners { listener.finish(throwing: reason) }
        if let request = seldom.cancelRequest { send(request) }
        if seldom.demotion { settings.onDemotion() }
    }

    /// The readiness thread's call: reads what has arrived, sends what has waited.
    func ready(_ happened: Readiness) {
        perform { state, aftermath in
            state.heard &+= 1
            state.process(&aftermath)
        }
    }

    /// Whether the connection is open, after looking at what has arrived. One system call, no round trip: finds a
    /// server that has hung up, not a half-open peer.
    func looksAlive() -> Bool {
        perform { state, aftermath in
            state.process(&aftermath)
            return state.handle != nil
        }
    }

    /// Closes at once. Statements in flight fail with the reason.
    func close(_ reason: any Error) {
        perform { state, aftermath in state.close(reason, &aftermath) }
    }

    /// The server process at the other end; behind a pooler, the pooler's number.
    var serverProcess: Int32 {
        state.withLock { state in
            guard let pointer = state.handle?.pointer else { return 0 }
            return PQbackendPID(pointer)
        }
    }
}

extension PhysicalConnection.State {
    /// Says what the socket is to be watched for.
    mutating func watch(_ interest: Readiness) {
        guard interest != self.interest, let socket = handle?.socket, socket >= 0 else { return }
        self.interest = interest
        _ = thread.arm(token, socket: socket, for: interest)
    }

    /// Reads what has arrived, hands out what is complete, sends what is left.
    mutating func process(_ aftermath: inout PhysicalConnection.Aftermath) {
        guard let pointer = handle?.pointer else { return }
        if isExclusive {
            // The stream reads by itself when it has room: until then the socket is left alone.
            watch([.oneShot])
            wakeExclusive(&aftermath)
            return
        }
        // What has come before the link broke is still an answer: the server's last words say why.
        let isConnected = PQconsumeInput(pointer) == 1
        drain(pointer, &aftermath)
        guard isConnected else { return lose(&aftermath) }
        guard handle != nil else { return }
        deliverNotifications(pointer, &aftermath)
        flush(&aftermath)
    }

    /// Sends what libpq holds back; what the socket does not take now goes when it is writable.
    mutating func flush(_ aftermath: inout PhysicalConnection.Aftermath) {
        guard let pointer = handle?.pointer else { return }
        switch PQflush(pointer) {
        case 0: watch(polled == nil ? .read : [])
        case 1: watch([.read, .write])
        default: lose(&aftermath)
        }
    }

    /// The connection is broken.
    mutating func lose(_ aftermath: inout PhysicalConnection.Aftermath) {
        guard let pointer = handle?.pointer else { return }
        let error = PostgresError.connectionLost(
            ConnectFailure(libpq: String(cString: PQerrorMessage(pointer)).trimmingNewlines).message)
        aftermath.seldom.loss = error
        close(error, &aftermath)
    }

    mutating func close(_ reason: any Error, _ aftermath: inout PhysicalConnection.Aftermath) {
        guard let socket = handle?.socket else { return }
        thread.deregister(token, socket: socket)
        handle = nil
        closeReason = reason
        for exchange in exchanges { exchange.end(.failure(reason), &aftermath) }
        for read in reads { read.end(.unsent(reason), &aftermath) }
        for exchange in exchanges {
            if let result = exchange.result { PQclear(result) }
        }
        exchanges.removeAll()
        reads.removeAll()
        (answered, syncs) = (0, 0)
        wakeExclusive(&aftermath)
        endListeners(reason, &aftermath)
    }

    /// Wakes the stream's or COPY's task, if it waits for the socket. Whoever was woken earlier in the same change stays so:
    /// a stream may be given up and, in the same look at the socket, be found broken.
    mutating func wakeExclusive(_ aftermath: inout PhysicalConnection.Aftermath) {
        if let waiter = exclusiveWaiter.take() { aftermath.exclusiveWaiter = waiter }
    }

    private mutating func deliverNotifications(
        _ pointer: OpaquePointer, _ aftermath: inout PhysicalConnection.Aftermath
    ) {
        while let notification = PQnotifies(pointer) {
            let value = PostgresNotification(
                channel: String(cString: notification.pointee.relname),
                payload: String(cString: notification.pointee.extra),
                serverProcess: notification.pointee.be_pid
            )
            PQfreemem(notification)
            for listener in listeners.values where listener.channel == value.channel {
                aftermath.seldom.notifications.append((listener.continuation, value))
            }
        }
    }

    /// Nobody listens here any more.
    mutating func endListeners(_ reason: any Error, _ aftermath: inout PhysicalConnection.Aftermath) {
        guard !listeners.isEmpty else { return }
        aftermath.seldom.endedListeners += listeners.values.map { ($0.continuation, reason) }
        listeners.removeAll()
    }
}
