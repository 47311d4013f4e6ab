import CReadiness
import DequeModule
import Foundation
import HeapModule
import Logging
import Synchronization

/// What a socket is waited for, or what happened to it.
struct Readiness: OptionSet, Sendable {
    let rawValue: UInt32

    static let read = Readiness(rawValue: UInt32(READINESS_READ.rawValue))
    static let write = Readiness(rawValue: UInt32(READINESS_WRITE.rawValue))
    static let hangUp = Readiness(rawValue: UInt32(READINESS_HANGUP.rawValue))
    /// Report once, then stay silent until the socket is armed again.
    static let oneShot = Readiness(rawValue: UInt32(READINESS_ONE_SHOT.rawValue))
}

/// Somebody who waits for a socket. Called on the readiness thread, so it must return at once.
protocol ReadinessHandler: AnyObject, Sendable {
    func ready(_ happened: Readiness)
}

/// A thread that waits for the sockets of the process's pools.
///
/// libpq reads its socket itself, so NIO's selector cannot be used; a thread for each connection would cost two
/// context switches a query. This thread sleeps in epoll and hands each event to the connection it belongs to, which
/// reads what has arrived and resumes the tasks that wait for it. It never blocks elsewhere and never ends.
///
/// There are two where there is more than one core: one alone reads and, with ``PostgresTaskExecutor``, computes for all
/// connections, and was the limit from four connections on. More would each find fewer answers at a time.
final class ReadinessThread: Sendable {
    private static let all = (0..<min(2, ProcessInfo.processInfo.activeProcessorCount)).map {
        ReadinessThread(number: $0)
    }
    private static let turns = Atomic(0)

    /// The first, which also keeps the time. Started at first use, shared by all pools: an idle thread costs nothing.
    static var shared: ReadinessThread { all[0] }

    /// The one whose turn it is to take a connection or a task.
    static func next() -> ReadinessThread {
        all[turns.wrappingAdd(1, ordering: .relaxed).oldValue & 0xFFFF % all.count]
    }

    /// The calling thread, if it is one of them.
    static var current: ReadinessThread? {
        let number = Int(readiness_thread_number())
        return number > 0 ? all[number - 1] : nil
    }

    /// Whether the calling thread is one of them.
    static var isCurrent: Bool { readiness_thread_number() > 0 }

    private struct Timer: Comparable {
        let deadline: UInt64
        let action: @Sendable () -> Void

        static func < (left: Timer, right: Timer) -> Bool { left.deadline < right.deadline }
        static func == (left: Timer, right: Timer) -> Bool { left.deadline == right.deadline }
    }

    private struct State {
        var handlers: [UInt64: any ReadinessHandler] = [:]
        var lastToken: UInt64 = 0
        var timers = Heap<Timer>()
        /// Parts of tasks that prefer this thread, in their order.
        var jobs = Deque<UnownedJob>()
        /// Whether the thread will look at ``jobs`` before it sleeps.
        var isAwake = false
    }

    private let state = Mutex(State())
    private let selector: readiness_selector
    /// Zero, or the negated errno that opening the selector gave; then every registration fails with it.
    private let openError: CInt

    private init(number: Int) {
        var selector = readiness_selector(queue: -1, wake: -1)
        openError = readiness_open(&selector)
        self.selector = selector
        guard openError == 0 else { return }
        let thread = Thread { [self] in
            readiness_number_thread(CInt(number) + 1)
            loop()
        }
        thread.name = "postgres-ready-\(number)"
        thread.start()
    }

    /// Gives the handler a token. Nothing is watched until ``arm(_:socket:for:)``.
    func register(_ handler: any ReadinessHandler) -> UInt64 {
        state.withLock { state in
            state.lastToken += 1
            state.handlers[state.lastToken] = handler
            return state.lastToken
        }
    }

    /// Watches the socket, or changes what it is watched for.
    ///
    /// libpq closes a socket and opens another while it tries the addresses of a host; the kernel forgets the closed
    /// one by itself, so that "change" on an unknown socket means "add".
    func arm(_ token: UInt64, socket: CInt, for interest: Readiness) -> Bool {
        guard openError == 0 else { return false }
        if readiness_modify(selector, socket, interest.rawValue, token) == 0 { return true }
        return readiness_add(selector, socket, interest.rawValue, token) == 0
    }

    /// Forgets the handler. An event that is on its way finds nobody and is dropped.
    ///
    /// The socket must still be the handler's own, or -1 when it is closed already: then the kernel has forgotten it by
    /// itself, and its number may be that of another handler's socket, which would never hear of its events again.
    func deregister(_ token: UInt64, socket: CInt) {
        if socket >= 0 { _ = readiness_remove(selector, socket) }
        _ = state.withLock { $0.handlers.removeValue(forKey: token) }
    }

    /// Calls the action on this thread at the given time (nanoseconds of ``MonotonicTime``). A timer cannot be
    /// cancelled: the action has to find out by itself whether it is still wanted.
    func schedule(at deadline: UInt64, _ action: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            state.timers.insert(Timer(deadline: deadline, action: action))
            return state.timers.min?.deadline == deadline
        }
        if isFirst { _ = readiness_wake(selector) }
    }

    /// Runs a part of a task on this thread, see ``PostgresTaskExecutor``.
    func run(_ job: UnownedJob, for executor: UnownedTaskExecutor) {
        guard openError == 0 else { return BlockingThreads.connecting.submit { job.runSynchronously(on: executor) } }
        let wasAwake = state.withLock { state in
            state.jobs.append(job)
            defer { state.isAwake = true }
            return state.isAwake
        }
        if !wasAwake { _ = readiness_wake(selector) }
    }

    private func loop() {
        let executor = PostgresTaskExecutor.shared.asUnownedTaskExecutor()
        var jobs = Deque<UnownedJob>()
        let capacity = 256
        let events = UnsafeMutableBufferPointer<readiness_event>.allocate(capacity: capacity)
        var ready: [(any ReadinessHandler, Readiness)] = []
        while true {
            let count = readiness_wait(selector, events.baseAddress, CInt(capacity), timeToSleep())
            state.withLock { state in
                state.isAwake = true
                for event in events.prefix(max(0, Int(count))) {
                    guard let handler = state.handlers[event.token] else { continue }
                    ready.append((handler, Readiness(rawValue: event.happened)))
                }
            }
            for (handler, happened) in ready { handler.ready(happened) }
            ready.removeAll(keepingCapacity: true)
            for timer in dueTimers() { timer.action() }
            // Those that come while these run wait for the next turn: sockets and timers have theirs first.
            state.withLock { swap(&$0.jobs, &jobs) }
            while let job = jobs.popFirst() { job.runSynchronously(on: executor) }
        }
    }

    /// The time until the next timer in nanoseconds; zero while there are jobs, -1 when there is no timer.
    private func timeToSleep() -> Int64 {
        let (deadline, hasJobs) = state.withLock { state in
            state.isAwake = !state.jobs.isEmpty
            return (state.timers.min?.deadline, state.isAwake)
        }
        guard !hasJobs else { return 0 }
        guard let deadline else { return -1 }
        let now = MonotonicTime.now
        return deadline > now ? Int64(clamping: deadline - now) : 0
    }

    private func dueTimers() -> [Timer] {
        let now = MonotonicTime.now
        return state.withLock { state in
            var due: [Timer] = []
            while let next = state.timers.min, next.deadline <= now {
                due.append(state.timers.removeMin())
            }
            return due
        }
    }
}
