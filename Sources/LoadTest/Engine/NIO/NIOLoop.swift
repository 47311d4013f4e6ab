import LatencyHistogram
import NIOCore
import NIOHTTP2
import NIOPosix
import NIOSSL

/// One event loop and its share of the connections: the path for TLS and HTTP/2.
///
/// Everything here happens on the event loop: it is made there, and channels call back there.
final class NIOLoop {
    /// One of the plan's connections, over its successive channels.
    struct Link {
        var exchange: (any Exchange)?
        var channel: (any Channel)?
        var connectingSince: UInt64?
        /// Slots whose request waits for the channel.
        var waiting: [Int] = []
        /// Counts the channels, so that late news of an old one is known as such.
        var generation = 0
        var restingUntil: UInt64?
    }

    /// A slot's request, seen from the connection.
    enum Phase {
        case free, waiting
        case awaiting(deadline: UInt64)
    }

    /// How often time-outs, interruptions and news are looked at.
    private static let tickInterval = TimeAmount.milliseconds(5)

    let plan: RunPlan
    let eventLoop: any EventLoop
    private(set) var dispatcher: RequestDispatcher
    private let loop: Int
    private let engine: NIOEngine
    private var links: [Link]
    private var phases: [Phase]
    private var idle: IdleSlots
    private var underWay = 0
    private var peakUnderWay = 0
    private var isFinished = false
    private var isRunning = false
    /// The run under way.
    private var current: (control: RunControl, done: EventLoopPromise<LoopReport>)?
    private var dueTimer: UInt64?
    private var connect = LatencyHistogram(scale: StepTally.scale)
    private var connectionsMade: UInt64 = 0
    private var handshakeFailure: HandshakeFailure?
    /// How many streams the target takes at once on a connection, where that is fewer than asked for.
    private var streamLimit: Int?
    private var start: UInt64 = 0
    private var lastEnd: UInt64 = 0
    private var usageAtStart: LoopReport.Usage?
    private var hasArrived = false

    init(plan: RunPlan, loop: Int, engine: NIOEngine, eventLoop: any EventLoop) {
        self.plan = plan
        self.loop = loop
        self.engine = engine
        self.eventLoop = eventLoop
        dispatcher = RequestDispatcher(plan: plan, loop: loop, start: MonotonicClock.now())
        links = (0..<plan.limits.share(of: plan.limits.connections, loop: loop)).map { _ in Link() }
        phases = dispatcher.slots.map { _ in .free }
        idle = IdleSlots(capacity: phases.count)
    }

    /// Makes the connections that are not open, waits for the other loops, sends until the plan is done and everything
    /// under way has ended. May be called again: connections stay open.
    func run(_ control: RunControl) -> EventLoopFuture<LoopReport> {
        if plan.arrivals.rate != nil { ReadinessLoop.runPromptly() }
        let done = eventLoop.makePromise(of: LoopReport.self)
        current = (control, done)
        hasArrived = false
        connect = LatencyHistogram(scale: StepTally.scale)
        connectionsMade = 0
        let now = MonotonicClock.now()
        for link in links.indices where links[link].exchange?.connection.isUsable != true { open(link, at: now) }
        scheduleTick()
        return done.futureResult
    }

    /// Closes all connections.
    func closeAll() {
        for link in links { link.exchange?.close() }
    }

    private func scheduleTick() {
        eventLoop.assumeIsolated().scheduleTask(in: Self.tickInterval) {
            guard let control = self.current?.control else { return }
            self.tick(at: MonotonicClock.now(), control)
            self.scheduleTick()
        }
    }

    private func begin(at now: UInt64) {
        start = now
        lastEnd = now
        isRunning = true
        isFinished = false
        peakUnderWay = 0
        dueTimer = nil
        usageAtStart = LoopReport.Usage()
        dispatcher = RequestDispatcher(plan: plan, loop: loop, start: now)
        idle = IdleSlots(capacity: phases.count)
        for slot in phases.indices { idle.append(slot) }
        dispatchDue(at: now)
    }

    private func tick(at now: UInt64, _ control: RunControl) {
        if !isRunning {
            if !hasArrived, !links.contains(where: { $0.connectingSince != nil }) {
                hasArrived = true
                control.arrive()
            }
            if let start = control.start, now >= start { begin(at: start) }
        }
        for link in links.indices { expire(link, at: now) }
        for slot in phases.indices {
            if case .awaiting(let deadline) = phases[slot], now >= deadline {
                links[link(of: slot)].exchange?.cancel(slot)
                fail(slot, .timeout, at: now)
            }
        }
        if let time = control.interruption, isRunning {
            if !isFinished { dispatcher.interrupt(at: now) }
            isFinished = true
            if now > time + RunControl.interruptedGrace { cutOff(at: now) }
        }
        control.publish(dispatcher.snapshot, of: loop)
        dispatchDue(at: now)
        reportIfDone()
    }

    private func reportIfDone() {
        guard isRunning, isFinished, underWay == 0, let (control, done) = current else { return }
        isRunning = false
        current = nil
        dispatcher.countNotSent()
        control.publish(dispatcher.snapshot, of: loop)
        let after = LoopReport.Usage()
        let before = usageAtStart ?? after
        done.succeed(
            LoopReport(
                tallies: dispatcher.tallies, lag: dispatcher.lag, connect: connect, connections: connectionsMade,
                cpuTime: after.cpuTime - before.cpuTime, processorWait: after.processorWait - before.processorWait,
                start: start, end: dispatcher.end(after: lastEnd), peakUnderWay: peakUnderWay,
                handshakeFailure: handshakeFailure,
                streamLimit: streamLimit))
    }

    private func link(of slot: Int) -> Int { slot / plan.limits.streamsPerConnection }

    // MARK: Requests

    private func dispatchDue(at now: UInt64) {
        guard isRunning, !isFinished else { return }
        while let slot = idle.next {
            switch dispatcher.next(for: slot, at: now) {
            case .send:
                idle.removeFirst()
                beginRequest(slot, at: now)
            case .wait(let due): return wake(at: due)
            case .finished:
                isFinished = true
                return
            }
        }
    }

    /// A timer for the next due time, unless one is set already.
    private func wake(at due: UInt64) {
        guard dueTimer != due else { return }
        dueTimer = due
        eventLoop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(due)) {
            self.dispatchDue(at: MonotonicClock.now())
        }
    }

    private func beginRequest(_ slot: Int, at now: UInt64) {
        underWay += 1
        peakUnderWay = max(peakUnderWay, underWay)
        let link = link(of: slot)
        phases[slot] = .waiting
        if let exchange = links[link].exchange, exchange.connection.isUsable {
            send(slot, over: exchange, at: now)
        } else {
            links[link].waiting.append(slot)
            if links[link].connectingSince == nil { open(link, at: now) }
        }
    }

    private func send(_ slot: Int, over exchange: any Exchange, at now: UInt64) {
        phases[slot] = .awaiting(deadline: now &+ plan.limits.requestTimeout)
        exchange.begin(slot)
    }

    private func proceed(_ slot: Int, at now: UInt64) {
        underWay -= 1
        phases[slot] = .free
        lastEnd = max(lastEnd, now)
        idle.append(slot)
        dispatchDue(at: now)
        reportIfDone()
    }

    private func cutOff(at now: UInt64) {
        for slot in phases.indices {
            if case .free = phases[slot] { continue }
            links[link(of: slot)].exchange?.cancel(slot)
            fail(slot, .cutOff, at: now)
        }
    }

    // MARK: News from exchanges

    func sent(_ slot: Int, byteCount: Int) {
        dispatcher.sent(slot, at: MonotonicClock.now(), byteCount: byteCount)
    }

    func received(_ slot: Int, byteCount: Int) {
        dispatcher.received(slot, byteCount: byteCount)
        dispatcher.firstByte(slot, at: MonotonicClock.now())
    }

    func body(_ slot: Int, _ bytes: Span<UInt8>) {
        dispatcher.body(slot, bytes)
    }

    func answered(_ slot: Int, status: Int, head: [[UInt8]], hasSurplus: Bool = false) {
        let now = MonotonicClock.now()
        dispatcher.answered(slot, status: status, head: head, hasSurplus: hasSurplus, at: now)
        proceed(slot, at: now)
    }

    func fail(_ slot: Int, _ kind: ErrorKind, at now: UInt64) {
        links[link(of: slot)].waiting.removeAll { $0 == slot }
        dispatcher.failed(slot, kind, at: now)
        proceed(slot, at: now)
    }

    /// A request met the end of its connection before any answer: once more on a new one, or failed.
    func repeatOrFail(_ slot: Int, _ kind: ErrorKind, hasServed: Bool) {
        let now = MonotonicClock.now()
        guard hasServed, dispatcher.mayRepeat(slot) else { return fail(slot, kind, at: now) }
        let link = link(of: slot)
        phases[slot] = .waiting
        links[link].waiting.append(slot)
        if links[link].connectingSince == nil { open(link, at: now) }
    }

    /// The first reason is kept.
    func note(_ failure: HandshakeFailure) {
        handshakeFailure = handshakeFailure ?? failure
    }

    func limitStreams(to most: Int) {
        streamLimit = min(most, streamLimit ?? .max)
    }

    // MARK: Connections

    private func open(_ link: Int, at now: UInt64) {
        if let until = links[link].restingUntil, now < until { return }
        links[link].restingUntil = nil
        links[link].connectingSince = now
        links[link].exchange = nil
        links[link].generation += 1
        let generation = links[link].generation
        let isolated = NIOLoopBound(self, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(.nanoseconds(Int64(clamping: plan.limits.connectTimeout)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try isolated.value.addHandlers(to: channel, link: link, generation: generation)
                }
            }
            .connect(to: engine.address)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .failure(let error):
                    self.connectFailed(link, generation, .connect(error), at: MonotonicClock.now())
                case .success(let channel):
                    if self.links[link].generation == generation { self.links[link].channel = channel }
                }
            }
    }

    private func addHandlers(to channel: any Channel, link: Int, generation: Int) throws {
        let pipeline = channel.pipeline.syncOperations
        let encryption = try engine.encryptionHandler(for: plan.target)
        if let encryption { try pipeline.addHandler(encryption) }
        let connection = ExchangeConnection(
            loop: self, link: link, generation: generation, isEncrypted: encryption != nil)
        if plan.transport.usesHTTP2 {
            try pipeline.addHandler(NIOHTTP2Handler(mode: .client, initialSettings: HTTP2Exchange.settings))
            try pipeline.addHandler(HTTP2Exchange(connection))
        } else {
            try pipeline.addHandler(HTTP1Exchange(connection))
        }
    }

    /// The channel can take requests now.
    func ready(_ exchange: any Exchange) {
        let link = exchange.connection.link
        guard links[link].generation == exchange.connection.generation, let since = links[link].connectingSince else {
            return exchange.close()
        }
        let now = MonotonicClock.now()
        links[link].connectingSince = nil
        links[link].exchange = exchange
        connect.record(now &- since)
        connectionsMade += 1
        let waiting = links[link].waiting
        links[link].waiting = []
        for slot in waiting { send(slot, over: exchange, at: now) }
    }

    /// The channel could not be made, or ended before it was ready.
    func connectFailed(_ link: Int, _ generation: Int, _ kind: ErrorKind, at now: UInt64) {
        guard links[link].generation == generation, links[link].connectingSince != nil else { return }
        links[link].connectingSince = nil
        links[link].generation += 1
        if plan.arrivals == .closed { links[link].restingUntil = now + ReadinessLoop.rest }
        let waiting = links[link].waiting
        links[link].waiting = []
        for slot in waiting { fail(slot, kind, at: now) }
    }

    private func expire(_ link: Int, at now: UInt64) {
        // A connection that was begun since this tick's look at the clock is younger than it.
        if let since = links[link].connectingSince, now > since &+ plan.limits.connectTimeout {
            links[link].channel?.close(promise: nil)
            connectFailed(link, links[link].generation, .connectTimeout, at: now)
        }
        if let until = links[link].restingUntil, now >= until {
            links[link].restingUntil = nil
            if !links[link].waiting.isEmpty { open(link, at: now) }
        }
    }
}
