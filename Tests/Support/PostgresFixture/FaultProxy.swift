import Foundation
import Synchronization

/// A TCP proxy on loopback that breaks as a network breaks: it can cut every connection, refuse new ones, or accept
/// and never answer.
///
/// Threads with blocking sockets, so that it depends on nothing that is under test.
public final class FaultProxy: Sendable {
    /// What the proxy does.
    public enum Mode: Sendable {
        /// Forwards.
        case open
        /// Keeps connections, accepts new ones, and forwards nothing: a half-open peer.
        case frozen
        /// Cuts all connections; new ones are accepted and cut at once.
        case cut
    }

    private struct State {
        var mode = Mode.open
        var sockets: Set<Int32> = []
        var accepted = 0
        var isStopped = false
    }

    /// Where to connect.
    public let port: Int
    private let target: Int
    private let listener: Int32
    private let state = Mutex(State())
    private let thawed = NSCondition()
    private let held = Mutex(Held())

    /// What a frozen proxy keeps back, and who wants to know.
    private struct Held {
        var bytes = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// How many connections were accepted.
    public var accepted: Int { state.withLock { $0.accepted } }

    /// Starts a proxy in front of a port on loopback.
    public init(target: Int) throws {
        self.target = target
        let listener = socket(AF_INET, streamType, 0)
        // The system chooses the port as it binds: one found free before may be taken by then.
        let bound = withLoopback(0) { bind(listener, $0, $1) }
        guard bound == 0, listen(listener, 128) == 0, let port = localPort(of: listener) else {
            throw CommandFailure(command: "listen on 127.0.0.1", output: String(cString: strerror(errno)))
        }
        (self.listener, self.port) = (listener, port)
        Thread.detachNewThread { [self] in acceptLoop() }
    }

    /// Changes what the proxy does from now on.
    public func set(_ mode: Mode) {
        thawed.lock()
        let cut: Set<Int32> = state.withLock { state in
            state.mode = mode
            return mode == .cut ? state.sockets : []
        }
        for socket in cut { shutdown(socket, bothDirections) }
        thawed.broadcast()
        thawed.unlock()
    }

    /// Returns once the proxy, being frozen, holds bytes back: something was said that will not be answered.
    public func waitUntilHolding() async {
        await withCheckedContinuation { continuation in
            let holds = held.withLock { held in
                if held.bytes == 0 { held.waiters.append(continuation) }
                return held.bytes > 0
            }
            if holds { continuation.resume() }
        }
    }

    /// Cuts everything and stops listening.
    public func stop() {
        set(.cut)
        state.withLock { $0.isStopped = true }
        shutdown(listener, bothDirections)
        close(listener)
    }

    private func acceptLoop() {
        while true {
            let client = accept(listener, nil, nil)
            if client < 0 {
                if state.withLock({ $0.isStopped }) || errno != EINTR { return }
                continue
            }
            let mode = state.withLock { state in
                state.accepted += 1
                return state.mode
            }
            if mode == .cut {
                close(client)
                continue
            }
            let server = socket(AF_INET, streamType, 0)
            guard withLoopback(target, { connect(server, $0, $1) }) == 0 else {
                close(client)
                close(server)
                continue
            }
            state.withLock { $0.sockets.formUnion([client, server]) }
            let link = Link(client: client, server: server, proxy: self)
            Thread.detachNewThread { link.pump(from: client, to: server) }
            Thread.detachNewThread { link.pump(from: server, to: client) }
        }
    }

    /// Keeps what was read for as long as the proxy is frozen.
    fileprivate func keepWhileFrozen(_ count: Int) {
        thawed.lock()
        defer { thawed.unlock() }
        guard count > 0, state.withLock({ $0.mode == .frozen }) else { return waitWhileFrozen() }
        let waiters = held.withLock { held in
            held.bytes += count
            defer { held.waiters = [] }
            return held.waiters
        }
        for waiter in waiters { waiter.resume() }
        waitWhileFrozen()
        held.withLock { $0.bytes -= count }
    }

    private func waitWhileFrozen() {
        while state.withLock({ $0.mode == .frozen }) { thawed.wait() }
    }

    fileprivate func forget(_ sockets: [Int32]) {
        state.withLock { $0.sockets.subtract(sockets) }
        for socket in sockets { close(socket) }
    }
}

/// A client and its connection to the server; closes both when both directions have ended.
private final class Link: Sendable {
    private let client: Int32
    private let server: Int32
    private let proxy: FaultProxy
    private let directions = Atomic(2)

    init(client: Int32, server: Int32, proxy: FaultProxy) {
        self.client = client
        self.server = server
        self.proxy = proxy
    }

    func pump(from source: Int32, to sink: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            proxy.keepWhileFrozen(count)
            guard count > 0 else { break }
            var sent = 0
            while sent < count {
                let step = buffer[sent..<count].withUnsafeBytes { send(sink, $0.baseAddress, $0.count, noSignal) }
                guard step > 0 else { break }
                sent += step
            }
            guard sent == count else { break }
        }
        shutdown(source, bothDirections)
        shutdown(sink, bothDirections)
        if directions.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { proxy.forget([client, server]) }
    }
}

#if canImport(Darwin)
    private let streamType = SOCK_STREAM
    private let bothDirections = SHUT_RDWR
    private let noSignal: Int32 = 0
#else
    private let streamType = Int32(SOCK_STREAM.rawValue)
    private let bothDirections = Int32(SHUT_RDWR)
    private let noSignal = Int32(MSG_NOSIGNAL)
#endif

/// Calls the body with the address of a port on 127.0.0.1; zero lets the system choose.
func withLoopback<Result>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}

/// The port that a socket is bound to.
private func localPort(of socket: Int32) -> Int? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) == 0 }
    }
    return isKnown ? Int(UInt16(bigEndian: address.sin_port)) : nil
}
