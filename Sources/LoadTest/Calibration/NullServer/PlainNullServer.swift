import CReadiness
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The null server for plain HTTP/1.1: one thread over readiness events, as the generator's own loops are.
final class PlainNullServer: NullServer {
    static let body = Array("ok".utf8)
    static let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
    /// How often the thread looks whether it should end, in nanoseconds.
    private static let tick: Int64 = 50_000_000

    let target: Target
    private let listener: Int32
    private let isStopped = Atomic<Bool>(false)

    /// Listens on a free loopback port, or on a unix socket that it makes.
    init(unixSocket: String?) throws {
        let address = try unixSocket.map { try Endpoint.unix($0) } ?? .freeLoopbackPort
        let listener = socket(address.family, Endpoint.streamType, 0)
        self.listener = listener
        let isListening = address.address.withUnsafeBytes { bytes in
            // The bytes are a sockaddr of this family and length.
            guard let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            return bind(listener, pointer, socklen_t(bytes.count)) == 0 && listen(listener, 1_024) == 0
        }
        guard listener >= 0, isListening, let port = Self.port(of: listener) else {
            let reason = SocketError(code: errno).text
            if listener >= 0 { close(listener) }
            throw LoadError.system("a socket for the null server: \(reason)")
        }
        _ = fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK)
        target =
            try unixSocket.map { try Target("http://localhost", unixSocket: $0) } ?? Target("http://127.0.0.1:\(port)")
    }

    /// The port that a socket got; whatever stands there for one that has none.
    private static func port(of listener: Int32) -> UInt16? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            // The system takes a sockaddr_in wherever it takes a sockaddr.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        return status == 0 ? UInt16(bigEndian: address.sin_port) : nil
    }

    /// Serves on a thread of its own until ``stop()``.
    func start(isPrompt: Bool) {
        let thread = Thread {
            if isPrompt { ReadinessLoop.runPromptly() }
            self.serve()
        }
        thread.name = "null-server"
        thread.start()
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        if let path = target.unixSocket { Socket.remove(path) }
    }

    private func serve() {
        defer { close(listener) }
        var selector = readiness_selector()
        guard readiness_open(&selector) >= 0 else { return }
        defer { readiness_close(&selector) }
        let edge = READINESS_READ.rawValue | READINESS_EDGE.rawValue
        guard readiness_add(selector, listener, READINESS_READ.rawValue, UInt64(listener)) >= 0 else { return }
        var connections: Set<Int32> = []
        defer { for connection in connections { close(connection) } }
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 16) { buffer in
            withUnsafeTemporaryAllocation(of: readiness_event.self, capacity: 256) { events in
                while !isStopped.load(ordering: .relaxed) {
                    let count = Int(readiness_wait(selector, events.baseAddress, Int32(events.count), Self.tick))
                    for event in events.prefix(max(0, count)) where event.token != UInt64.max {
                        let descriptor = Int32(truncatingIfNeeded: event.token)
                        if descriptor == listener {
                            while let connection = acceptOne() {
                                connections.insert(connection)
                                _ = readiness_add(selector, connection, edge, UInt64(connection))
                            }
                        } else if !answer(descriptor, buffer) {
                            connections.remove(descriptor)
                            close(descriptor)
                        }
                    }
                }
            }
        }
    }

    private func acceptOne() -> Int32? {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return nil }
        _ = fcntl(connection, F_SETFL, fcntl(connection, F_GETFL) | O_NONBLOCK)
        var on: Int32 = 1
        // Refused by unix sockets, which need none.
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return connection
    }

    /// Answers what has arrived; `false` when the other side is gone.
    private func answer(_ connection: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Bool {
        switch Socket.read(connection, into: buffer) {
        case .bytes:
            if case .failed = Self.answer.withUnsafeBytes({ Socket.write(connection, $0) }) { return false }
            return true
        case .wouldBlock: return true
        case .closed, .failed: return false
        }
    }
}

extension Endpoint {
    /// Any free port of 127.0.0.1, to listen on.
    fileprivate static var freeLoopbackPort: Endpoint {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return Endpoint(family: AF_INET, address: withUnsafeBytes(of: &address) { Array($0) })
    }
}
