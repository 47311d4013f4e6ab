import CReadiness
import LatencyHistogram

/// One thread, one selector, and its share of the connections: the fast path for plain HTTP/1.1.
///
/// A request costs one write, one read and a look at the clock after each; the socket is registered once,
/// edge-triggered, for reading and writing, so no request changes what is watched. Nothing is allocated on that path. A structure rather
/// than a class, so that who accesses what is checked when it is compiled and costs a request nothing.
struct ReadinessLoop: ~Copyable {
    /// How often time-outs, interruptions and news are looked at, in nanoseconds.
    static let tick: UInt64 = 20_000_000
    /// How long a connection rests after a failure in the closed loop, so that a dead target is not hammered.
    static let rest: UInt64 = 50_000_000

    /// What readiness.h calls READINESS_WAKE_TOKEN.
    private static let wakeToken = UInt64.max

    let plan: RunPlan
    let loop: Int
    let endpoint: Endpoint
    let selector: readiness_selector
    /// Whether an answer has arrived when the kernel received it. A schedule asks what the target took, not what this
    /// thread's waking added; the closed loop waits for its waking before it asks again, so there it counts.
    let stampsArrivals: Bool
    /// Where every read of this loop lands. Only this loop's thread touches it; it lives as long as the loop.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 64)
    /// Where the selector tells what is ready. As ``buffer``.
    private let events = UnsafeMutableBufferPointer<readiness_event>.allocate(capacity: 256)

    var connections: [Connection]
    var dispatcher: RequestDispatcher
    var idle: IdleSlots
    /// Holds a request with changing parts while it is written.
    var scratch: [UInt8] = []
    var underWay = 0
    var peakUnderWay = 0
    /// The dispatcher said that nothing more will be due.
    var isFinished = false
    var isRunning = false
    var connect = LatencyHistogram(scale: StepTally.scale)
    var connectionsMade: UInt64 = 0
    var lastEnd: UInt64 = 0
    private var interruption: UInt64?

    /// Opens the loop's selector.
    ///
    /// - Throws: ``LoadError/system(_:)`` when the system has no more descriptors.
    init(plan: RunPlan, loop: Int, endpoint: Endpoint) throws(LoadError) {
        var selector = readiness_selector()
        let status = readiness_open(&selector)
        guard status >= 0 else { throw .system("an event loop: \(SocketError(code: -status).text)") }
        self.selector = selector
        self.plan = plan
        self.loop = loop
        self.endpoint = endpoint
        stampsArrivals = plan.arrivals != .closed
        let count = plan.limits.share(of: plan.limits.connections, loop: loop)
        connections = (0..<count).map { _ in Connection() }
        idle = IdleSlots(capacity: count)
        dispatcher = RequestDispatcher(plan: plan, loop: loop, start: MonotonicClock.now())
    }

    deinit {
        for connection in connections where connection.descriptor >= 0 { Socket.discard(connection.descriptor) }
        var selector = selector
        readiness_close(&selector)
        buffer.deallocate()
        events.deallocate()
    }

    /// Makes the connections that are not open, waits for the other loops, sends until the plan is done and everything
    /// under way has ended. May be called again: connections stay open.
    mutating func run(_ control: RunControl) -> LoopReport {
        readiness_sharpen_timers()
        if plan.arrivals.rate != nil { Self.runPromptly() }
        let start = connectAll(control)
        beginRun(at: start)
        let before = LoopReport.Usage()
        var now = MonotonicClock.now()
        for slot in connections.indices { idle.append(slot) }
        now = dispatchDue(at: now)
        var nextTick = now + Self.tick
        while !(isFinished && underWay == 0) {
            now = dispatchDue(at: wait(until: wakeTime(nextTick: nextTick), from: now))
            if now >= nextTick {
                nextTick = now + Self.tick
                tick(at: now, control)
            }
        }
        isRunning = false
        dispatcher.countNotSent()
        control.publish(dispatcher.snapshot, of: loop)
        let after = LoopReport.Usage()
        return LoopReport(
            tallies: dispatcher.tallies, lag: dispatcher.lag, connect: connect, connections: connectionsMade,
            cpuTime: after.cpuTime - before.cpuTime, processorWait: after.processorWait - before.processorWait,
            start: start, end: dispatcher.end(after: lastEnd), peakUnderWay: peakUnderWay)
    }

    /// Puts the calling thread before others, for a schedule. The users that it stands for do not wait for a processor of
    /// this machine, and it needs one for moments only. Where that is not allowed it waits its turn, as the run's lag
    /// tells. In a closed loop it would compete with a target on the same machine, so there it stays as it is.
    static func runPromptly() {
        _ = readiness_run_promptly()
    }

    /// Closes all connections.
    mutating func closeAll() {
        for slot in connections.indices { close(slot) }
    }

    /// Makes the connections before the clock starts, so that the first latencies are not those of handshakes.
    private mutating func connectAll(_ control: RunControl) -> UInt64 {
        connect = LatencyHistogram(scale: StepTally.scale)
        connectionsMade = 0
        var now = MonotonicClock.now()
        // Connections that the target closed since the last run are seen here and made anew.
        now = wait(until: now, from: now)
        for slot in connections.indices where !connections[slot].isOpen { open(slot, at: now) }
        while connections.contains(where: \.isConnecting) {
            now = wait(until: now + Self.tick, from: now)
            for slot in connections.indices { expireConnect(slot, at: now) }
        }
        control.arrive()
        while true {
            if let start = control.start {
                now = MonotonicClock.now()
                if now >= start { return start }
                now = wait(until: start, from: now)
            } else {
                now = wait(until: now + 1_000_000, from: now)
            }
        }
    }

    private mutating func beginRun(at start: UInt64) {
        dispatcher = RequestDispatcher(plan: plan, loop: loop, start: start)
        idle = IdleSlots(capacity: connections.count)
        isRunning = true
        isFinished = false
        interruption = nil
        peakUnderWay = 0
        lastEnd = start
    }

    private func wakeTime(nextTick: UInt64) -> UInt64 {
        guard idle.next != nil, !isFinished, let due = dispatcher.nextDue else { return nextTick }
        return min(due, nextTick)
    }

    /// Handles what is ready, after waiting for it at most until `time`; tells the time afterwards.
    private mutating func wait(until time: UInt64, from now: UInt64) -> UInt64 {
        let timeout = time > now ? Int64(clamping: time - now) : 0
        let count = Int(readiness_wait(selector, events.baseAddress, Int32(events.count), timeout))
        for index in 0..<max(0, count) where events[index].token != Self.wakeToken { handle(events[index]) }
        return MonotonicClock.now()
    }

    private mutating func handle(_ event: readiness_event) {
        let slot = Int(event.token & 0xFFFF_FFFF)
        guard connections[slot].generation == UInt32(truncatingIfNeeded: event.token >> 32) else { return }
        if connections[slot].isConnecting {
            completeConnect(slot, at: MonotonicClock.now())
        } else if event.happened & READINESS_WRITE.rawValue != 0, !connections[slot].unwritten.isEmpty {
            writeRest(slot)
        }
        let isReadable = event.happened & (READINESS_READ.rawValue | READINESS_HANGUP.rawValue) != 0
        if isReadable, connections[slot].isOpen {
            read(slot, untilEmpty: event.happened & READINESS_HANGUP.rawValue != 0)
        }
    }

    // MARK: Work

    /// Gives idle slots what is due, the one that has been idle longest first; tells the time afterwards.
    private mutating func dispatchDue(at time: UInt64) -> UInt64 {
        var now = time
        guard isRunning, !isFinished else { return now }
        while let slot = idle.next {
            switch dispatcher.next(for: slot, at: now) {
            case .send:
                idle.removeFirst()
                beginRequest(slot, at: now)
                // The write took its time, and the next request has not been sent yet.
                now = MonotonicClock.now()
            case .wait: return now
            case .finished:
                isFinished = true
                return now
            }
        }
        return now
    }

    /// The slot's request is over. Its next one is sent when all answers that are there have been read: requests that
    /// leave together wake the target once, and a target that wakes for each makes every write dearer.
    mutating func proceed(_ slot: Int, at now: UInt64) {
        underWay -= 1
        lastEnd = max(lastEnd, now)
        idle.append(slot)
    }

    private mutating func tick(at now: UInt64, _ control: RunControl) {
        for slot in connections.indices {
            expireConnect(slot, at: now)
            if connections[slot].isAwaiting, now >= connections[slot].deadline {
                close(slot)
                endRequest(slot, .timeout, at: now)
            }
            if case .resting(let until) = connections[slot].phase, now >= until {
                connections[slot].phase = .closed
                idle.append(slot)
            }
        }
        if let time = control.interruption {
            if interruption == nil {
                interruption = time
                dispatcher.interrupt(at: now)
                isFinished = true
            }
            if now > time + RunControl.interruptedGrace { cutOff(at: now) }
        }
        control.publish(dispatcher.snapshot, of: loop)
    }

    private mutating func cutOff(at now: UInt64) {
        for slot in connections.indices where connections[slot].hasRequest {
            close(slot)
            endRequest(slot, .cutOff, at: now)
        }
    }
}
