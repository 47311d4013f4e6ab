import LatencyHistogram

/// What one loop knows that is no I/O: which request a slot sends next, when it was due, and what came of it.
///
/// A slot is room for one request under way: an HTTP/1.1 connection, or a stream of an HTTP/2 connection. Transports
/// ask ``next(for:at:)`` for work and report what happens with ``sent(_:at:byteCount:)``, ``firstByte(_:at:)``,
/// ``answered(_:status:head:at:)`` and ``failed(_:_:at:)``; they never touch the clock's meaning or the tallies.
struct RequestDispatcher {
    enum Dispatch: Hashable {
        /// Send the slot's request: the position in ``RunPlan/requests``.
        case send(Int)
        /// Nothing is due before that time.
        case wait(until: UInt64)
        /// Nothing more will be due.
        case finished
    }

    /// Requests due before the end may still be begun for so long after it, so that a late timer is not an error.
    static let endGrace: UInt64 = 100_000_000

    let plan: RunPlan
    private let loop: Int
    private var schedule: ArrivalSchedule
    private var chooser: JourneyChooser
    private var inspector = ResponseInspector()
    private var requestsLeft: Int
    /// When sending ends; an interruption brings it forward.
    private(set) var end: UInt64
    private(set) var slots: [Slot]
    private(set) var tallies: [StepTally]
    /// How much later than due a request was sent although a slot was free: the generator's own lateness.
    private(set) var lag = LatencyHistogram(scale: StepTally.scale)

    init(plan: RunPlan, loop: Int, start: UInt64) {
        self.plan = plan
        self.loop = loop
        let limits = plan.limits
        schedule = ArrivalSchedule(plan.arrivals, start: start, loop: loop, of: limits.loops)
        chooser = JourneyChooser(plan.journeys, loop: loop, of: limits.loops)
        requestsLeft = limits.requests.map { limits.share(of: $0, loop: loop) } ?? .max
        end = start &+ limits.duration
        let slotCount = limits.share(of: limits.connections, loop: loop) * limits.streamsPerConnection
        slots = (0..<slotCount).map { _ in Slot(freeSince: start) }
        tallies = plan.requests.map { _ in StepTally(start: start) }
    }

    /// When the next request is due; `nil` in the closed loop.
    var nextDue: UInt64? { schedule.nextDue }

    /// Chooses the slot's next request, if one is due.
    mutating func next(for slot: Int, at now: UInt64) -> Dispatch {
        guard requestsLeft > 0 else { return .finished }
        let due: UInt64
        if let scheduled = schedule.nextDue {
            guard scheduled < end, now < end &+ Self.endGrace else { return .finished }
            guard scheduled <= now else { return .wait(until: scheduled) }
            due = scheduled
        } else {
            guard now < end else { return .finished }
            due = now
        }
        schedule.advance()
        requestsLeft -= 1
        return .send(begin(slot, due: due))
    }

    private mutating func begin(_ slot: Int, due: UInt64) -> Int {
        if slots[slot].remaining.isEmpty {
            let choice = chooser.next()
            slots[slot].remaining = plan.journeys[choice.journey].requests
            if choice.valueCount > 0 {
                slots[slot].values = choice.row
                slots[slot].values += repeatElement([], count: choice.valueCount - choice.row.count)
            }
        }
        let request = slots[slot].remaining.removeFirst()
        slots[slot].request = request
        slots[slot].due = due
        slots[slot].hasFirstByte = false
        slots[slot].isRepeated = false
        return request
    }

    /// Appends the slot's request as HTTP/1.1 bytes.
    func appendRequest(of slot: Int, to bytes: inout [UInt8]) {
        let request = plan.requests[slots[slot].request]
        if let fixed = request.fixedBytes {
            bytes += fixed
        } else {
            request.template.appendHTTP1(to: &bytes, values: slots[slot].values)
        }
    }

    // MARK: What happens to a request

    /// The request's bytes were handed to the connection.
    mutating func sent(_ slot: Int, at now: UInt64, byteCount: Int) {
        let request = slots[slot].request
        slots[slot].sent = now
        tallies[request].sent += 1
        tallies[request].bytesSent += UInt64(byteCount)
        if plan.arrivals.rate != nil, !slots[slot].isRepeated {
            let ready = max(slots[slot].due, slots[slot].freeSince)
            lag.record(now > ready ? now - ready : 0)
        }
    }

    /// The first byte of the response arrived.
    mutating func firstByte(_ slot: Int, at now: UInt64) {
        guard !slots[slot].hasFirstByte else { return }
        slots[slot].hasFirstByte = true
        tallies[slots[slot].request].firstByte.record(now &- slots[slot].sent)
    }

    mutating func received(_ slot: Int, byteCount: Int) {
        tallies[slots[slot].request].bytesReceived += UInt64(byteCount)
    }

    /// Part of the body arrived; it is kept only where the step looks into it.
    mutating func body(_ slot: Int, _ bytes: Span<UInt8>) {
        guard plan.requests[slots[slot].request].keepsBody else { return }
        slots[slot].keepBody(bytes)
    }

    /// The response is complete; `hasSurplus` when more came with it than belongs to it.
    mutating func answered(_ slot: Int, status: Int, head: [[UInt8]], hasSurplus: Bool = false, at now: UInt64) {
        let index = slots[slot].request
        let latency = now &- slots[slot].due
        tallies[index].answered += 1
        tallies[index].statusClasses[(1...5).contains(status / 100) ? status / 100 : 0] += 1
        tallies[index].latency.record(latency, at: now)
        tallies[index].service.record(now &- slots[slot].sent)
        if let problem = problem(of: slot, status: status, head: head) ?? (hasSurplus ? .surplus : nil) {
            tallies[index].countError(problem)
            tallies[index].latency.recordError(at: now)
            slots[slot].remaining = 0..<0
        }
        slots[slot].free(at: now)
    }

    /// The request came to nothing. Where it waited for all that time, its latency so far counts.
    mutating func failed(_ slot: Int, _ kind: ErrorKind, at now: UInt64) {
        let index = slots[slot].request
        tallies[index].countError(kind)
        tallies[index].latency.recordError(at: now)
        if kind == .timeout || kind == .connectTimeout {
            tallies[index].latency.record(now &- slots[slot].due, at: now)
        }
        slots[slot].remaining = 0..<0
        slots[slot].free(at: now)
    }

    /// Whether a request that met a closed connection is sent once more: only on a connection that had served before,
    /// only when it does no harm, and only once (RFC 9112, 9.3.1).
    mutating func mayRepeat(_ slot: Int) -> Bool {
        guard plan.requests[slots[slot].request].isIdempotent, !slots[slot].isRepeated else { return false }
        slots[slot].isRepeated = true
        tallies[slots[slot].request].repeated += 1
        return true
    }

    // MARK: The end

    /// Nothing more is sent from now on.
    mutating func interrupt(at now: UInt64) {
        end = min(end, now)
        requestsLeft = 0
    }

    /// When a run is over whose last request ended at a time. With a schedule that ran to its end, so does the run: one
    /// request at 0.1 a second is not a thousand a second because it took a millisecond.
    func end(after lastEnd: UInt64) -> UInt64 {
        schedule.nextDue == nil || requestsLeft <= 0 ? lastEnd : max(lastEnd, end)
    }

    /// Counts the requests that were due before the end and never sent, each with the time it waited.
    mutating func countNotSent() {
        guard !tallies.isEmpty else { return }
        while let due = schedule.nextDue, due < end, requestsLeft > 0 {
            schedule.advance()
            requestsLeft -= 1
            let request = plan.journeys[chooser.next().journey].requests.lowerBound
            tallies[request].countError(.notSent)
            tallies[request].latency.recordError(at: end)
            tallies[request].latency.record(end - due, at: end &- 1)
        }
    }

    private mutating func problem(of slot: Int, status: Int, head: [[UInt8]]) -> ErrorKind? {
        let request = plan.requests[slots[slot].request]
        guard request.expectation.accepts(status: status) else { return .status }
        if let text = request.expectedText, !inspector.body(slots[slot].keptBody, contains: text) { return .text }
        for capture in request.captures {
            guard let value = inspector.value(capture.source, head: head, body: slots[slot].keptBody) else {
                return .capture
            }
            slots[slot].values[capture.value] = value
        }
        return nil
    }
}
