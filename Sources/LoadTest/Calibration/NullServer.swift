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

/// A server that does nothing: it answers whatever arrives with the same few bytes, on one thread of this process.
/// What a request to it costs is the generator's own cost and the kernel's.
final class NullServer: Sendable {
    private static let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)
    /// How often the thread looks whether it should end, in nanoseconds.
    private static let tick: Int64 = 50_000_000

    let endpoint: Endpoint
    let port: Int
    private let listener: Int32
    private let isStopped = Atomic<Bool>(false)

    /// Listens on a free loopback port.
    ///
    /// - Throws: ``LoadError/system(_:)`` when the system has none.
    init() throws(LoadError) {
        let listener = socket(AF_INET, Endpoint.streamType, 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            // The system takes a sockaddr_in wherever it takes a sockaddr.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 1_024) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard listener >= 0, isListening else {
            let reason = SocketError(code: errno).text
            if listener >= 0 { close(listener) }
            throw .system("a socket for the null server: \(reason)")
        }
        _ = fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK)
        port = Int(UInt16(bigEndian: address.sin_port))
        endpoint = Endpoint(family: AF_INET, address: withUnsafeBytes(of: &address) { Array($0) })
    }

    /// Serves on a thread of its own until ``stop()``.
    func start() {
        let thread = Thread { self.serve() }
        thread.name = "null-server"
        thread.start()
    }

    /// Ends the thread, which closes all sockets.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
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
