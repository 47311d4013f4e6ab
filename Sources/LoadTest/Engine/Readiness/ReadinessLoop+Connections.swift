import CReadiness
import LatencyHistogram

/// What happens on one connection.
extension ReadinessLoop {
    // MARK: Connecting

    mutating func open(_ slot: Int, at now: UInt64) {
        switch Socket.connect(to: endpoint) {
        case .failure(let error):
            failConnect(slot, error.connectKind, at: now)
        case .success(let (descriptor, isConnected)):
            connections[slot].descriptor = descriptor
            connections[slot].generation &+= 1
            connections[slot].served = 0
            connections[slot].phase = .connecting(since: now)
            if stampsArrivals { Socket.stampArrivals(descriptor) }
            let token = UInt64(connections[slot].generation) << 32 | UInt64(slot)
            let interest = READINESS_READ.rawValue | READINESS_WRITE.rawValue | READINESS_EDGE.rawValue
            guard readiness_add(selector, descriptor, interest, token) >= 0 else {
                close(slot)
                return failConnect(slot, .connectFailed, at: now)
            }
            if isConnected { completeConnect(slot, at: now) }
        }
    }

    mutating func completeConnect(_ slot: Int, at now: UInt64) {
        guard case .connecting(let since) = connections[slot].phase else { return }
        let code = Socket.pendingError(of: connections[slot].descriptor)
        guard code == 0 else {
            close(slot)
            return failConnect(slot, SocketError(code: code).connectKind, at: now)
        }
        connections[slot].phase = .open
        connect.record(now &- since)
        connectionsMade += 1
        if connections[slot].hasRequest { writeRequest(slot, at: now) }
    }

    mutating func expireConnect(_ slot: Int, at now: UInt64) {
        guard case .connecting(let since) = connections[slot].phase, now >= since &+ plan.limits.connectTimeout
        else { return }
        close(slot)
        failConnect(slot, .connectTimeout, at: now)
    }

    /// A connection could not be made. The request that waited for it has failed; without one it is tried again when
    /// there is one.
    private mutating func failConnect(_ slot: Int, _ kind: ErrorKind, at now: UInt64) {
        guard connections[slot].hasRequest else { return }
        endRequest(slot, kind, at: now, rests: true)
    }

    mutating func close(_ slot: Int) {
        guard connections[slot].descriptor >= 0 else { return }
        // Closing the only descriptor of a socket takes it out of the selector.
        Socket.discard(connections[slot].descriptor)
        connections[slot].descriptor = -1
        connections[slot].generation &+= 1
        connections[slot].phase = .closed
        connections[slot].isAwaiting = false
        connections[slot].unwritten = []
    }

    // MARK: A request

    mutating func beginRequest(_ slot: Int, at now: UInt64) {
        underWay += 1
        peakUnderWay = max(peakUnderWay, underWay)
        connections[slot].hasRequest = true
        switch connections[slot].phase {
        case .open: writeRequest(slot, at: now)
        case .connecting: break
        case .closed, .resting: open(slot, at: now)
        }
    }

    mutating func writeRequest(_ slot: Int, at now: UInt64) {
        let request = plan.requests[dispatcher.slots[slot].request]
        connections[slot].isAwaiting = true
        connections[slot].deadline = now &+ plan.limits.requestTimeout
        connections[slot].parser.begin(isHead: request.isHead, keepsHead: request.keepsHead)
        guard let bytes = request.fixedBytes else {
            scratch.removeAll(keepingCapacity: true)
            dispatcher.appendRequest(of: slot, to: &scratch)
            dispatcher.sent(slot, at: now, byteCount: scratch.count)
            return write(slot, scratch)
        }
        dispatcher.sent(slot, at: now, byteCount: bytes.count)
        write(slot, bytes)
    }

    /// Writes a whole request at once where the socket takes it, as it nearly always does.
    private mutating func write(_ slot: Int, _ bytes: [UInt8]) {
        let transfer = bytes.withUnsafeBytes { Socket.write(connections[slot].descriptor, $0) }
        if case .bytes(bytes.count) = transfer { return }
        go(on: slot, with: bytes[...], after: transfer)
    }

    mutating func writeRest(_ slot: Int) {
        let rest = connections[slot].unwritten
        connections[slot].unwritten = []
        let transfer = rest.withUnsafeBytes { Socket.write(connections[slot].descriptor, $0) }
        go(on: slot, with: rest, after: transfer)
    }

    /// Writes what a first attempt left over.
    private mutating func go(on slot: Int, with bytes: ArraySlice<UInt8>, after first: Socket.Transfer) {
        var rest = bytes
        var transfer = first
        while true {
            switch transfer {
            case .bytes(let count):
                rest = rest.dropFirst(count)
                if rest.isEmpty { return }
            case .wouldBlock:
                connections[slot].unwritten = rest
                return
            case .closed, .failed:
                // What the other side sent before it hung up (a 413, say) is still to be read, and reading tells more
                // than this error does; the hang-up that caused it is reported as an event of its own.
                return read(slot, untilEmpty: true)
            }
            transfer = rest.withUnsafeBytes { Socket.write(connections[slot].descriptor, $0) }
        }
    }

    // MARK: A response

    mutating func read(_ slot: Int, untilEmpty: Bool) {
        let generation = connections[slot].generation
        while connections[slot].generation == generation, connections[slot].isOpen {
            var age: Int64 = 0
            let transfer: Socket.Transfer
            if stampsArrivals {
                (transfer, age) = Socket.readStamped(connections[slot].descriptor, into: buffer)
            } else {
                transfer = Socket.read(connections[slot].descriptor, into: buffer)
            }
            let now = MonotonicClock.now()
            switch transfer {
            case .bytes(let count):
                // The buffer is not written again before this span is out of use: reading happens only here.
                let bytes = UnsafeBufferPointer(buffer.bindMemory(to: UInt8.self)).extracting(0..<count)
                consume(bytes.span, of: slot, arrivedAt: arrival(on: slot, age: age, now: now), at: now)
                // A short read has emptied the socket, and what comes next is a new event.
                if count < buffer.count, !untilEmpty { return }
            case .wouldBlock: return
            case .closed: return hangUp(slot, wasReset: false, at: now)
            case .failed: return hangUp(slot, wasReset: true, at: now)
            }
        }
    }

    /// When bytes of that age arrived. An age that begins before the request was sent, or in the future, tells that the
    /// wall clock was set meanwhile; then the time of the read counts, so that no latency comes out too short.
    private func arrival(on slot: Int, age: Int64, now: UInt64) -> UInt64 {
        let sent = dispatcher.slots[slot].sent
        guard age > 0, now >= sent, UInt64(age) <= now - sent else { return now }
        return now - UInt64(age)
    }

    private mutating func consume(_ bytes: Span<UInt8>, of slot: Int, arrivedAt arrival: UInt64, at now: UInt64) {
        guard connections[slot].isAwaiting else {
            // Bytes that answer nothing: a proxy's 408 before it closes, or whatever. No request is at fault, and this
            // connection cannot be trusted any more.
            return close(slot)
        }
        dispatcher.received(slot, byteCount: bytes.count)
        dispatcher.firstByte(slot, at: arrival)
        var position = 0
        while true {
            switch connections[slot].parser.next(in: bytes, from: &position) {
            case .needsBytes: return
            case .body(let range):
                dispatcher.body(slot, bytes.extracting(range))
            case .end:
                return complete(slot, hasSurplus: position < bytes.count, arrivedAt: arrival, at: now)
            case .fault:
                close(slot)
                return endRequest(slot, .malformed, at: now)
            }
        }
    }

    private mutating func complete(_ slot: Int, hasSurplus: Bool, arrivedAt arrival: UInt64, at now: UInt64) {
        connections[slot].isAwaiting = false
        connections[slot].hasRequest = false
        connections[slot].served += 1
        // An answer before the whole request was sent leaves the rest of the request in the way of the next one.
        if hasSurplus || !connections[slot].parser.keepsAlive || !connections[slot].unwritten.isEmpty { close(slot) }
        dispatcher.answered(
            slot, status: connections[slot].parser.status, head: connections[slot].parser.head, hasSurplus: hasSurplus,
            at: arrival)
        proceed(slot, at: now)
    }

    private mutating func hangUp(_ slot: Int, wasReset: Bool, at now: UInt64) {
        guard connections[slot].isAwaiting else {
            close(slot)
            if isRunning { reopen(slot, at: now) }
            return
        }
        let hasServed = connections[slot].served > 0
        let hasBegun = connections[slot].parser.hasBegun
        let event = connections[slot].parser.connectionClosed()
        if case .end = event, !wasReset { return complete(slot, hasSurplus: false, arrivedAt: now, at: now) }
        close(slot)
        if !hasBegun, hasServed, dispatcher.mayRepeat(slot) { return open(slot, at: now) }
        endRequest(slot, wasReset ? .reset : hasBegun ? .truncated : .closed, at: now)
    }

    /// A connection that the target closed while nothing was asked of it is made anew, ready for the next request.
    private mutating func reopen(_ slot: Int, at now: UInt64) {
        guard !isFinished, connections[slot].served > 0 else { return }
        open(slot, at: now)
    }

    /// The slot's request has failed. The slot waits for its next one like any other: taking it at once would nest one
    /// failure in the next for as long as requests are due.
    mutating func endRequest(_ slot: Int, _ kind: ErrorKind, at now: UInt64, rests: Bool = false) {
        connections[slot].hasRequest = false
        connections[slot].isAwaiting = false
        dispatcher.failed(slot, kind, at: now)
        underWay -= 1
        lastEnd = max(lastEnd, now)
        if rests, plan.arrivals == .closed {
            connections[slot].phase = .resting(until: now + Self.rest)
        } else {
            idle.append(slot)
        }
    }
}
