/// One plain connection of a readiness loop, which is also one slot of its dispatcher.
struct Connection {
    enum Phase {
        /// No socket. Valid transitions are to: `connecting`, `open`, `resting`.
        case closed
        /// Valid transitions are to: `open`, `closed`, `resting`.
        case connecting(since: UInt64)
        /// Valid transitions are to: `closed`.
        case open
        /// A failed connection is not tried again before that time. Valid transitions are to: `connecting`, `open`.
        case resting(until: UInt64)
    }

    var phase = Phase.closed
    var descriptor: Int32 = -1
    /// Counts this slot's sockets, so that a late event of a closed one is known as such.
    var generation: UInt32 = 0
    /// A request of the slot waits for the connection or for its response.
    var hasRequest = false
    /// The request was written, at least in part.
    var isAwaiting = false
    /// Responses that this socket has brought.
    var served = 0
    /// When the request under way has waited long enough.
    var deadline: UInt64 = .max
    /// The rest of a request that the socket did not take yet.
    var unwritten: ArraySlice<UInt8> = []
    var parser = ResponseParser()

    var isConnecting: Bool {
        if case .connecting = phase { true } else { false }
    }

    var isOpen: Bool {
        if case .open = phase { true } else { false }
    }
}
