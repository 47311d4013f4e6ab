import Foundation
import Synchronization

/// An HTTP/1.1 server that does what a test says, over real sockets, and keeps its own count.
final class ScriptedServer: Sendable {
    /// What the server does about one request, in order.
    enum Act: Sendable {
        case send(String)
        case sendBytes([UInt8])
        case pause(milliseconds: Int)
        /// Closes the connection politely.
        case close
        /// Closes it with a reset.
        case reset
    }

    struct Request: Sendable {
        let method: String
        let path: String
        let head: String
        let body: String
        /// Counted from 1, over all connections.
        let number: Int
        /// Counted from 1, on this connection.
        let numberOnConnection: Int
    }

    struct Counts: Sendable {
        var connections = 0
        /// Requests that were read in full.
        var received = 0
        /// Requests whose acts were done to the end.
        var served = 0
        var requests: [Request] = []
        /// Nanoseconds from reading each request to having done its acts.
        var serviceTimes: [UInt64] = []
    }

    let port: Int
    private let listener: Int32
    private let counts = Mutex(Counts())
    private let waiters = Mutex<[(requests: Int, continuation: CheckedContinuation<Void, Never>)]>([])
    private let respond: @Sendable (Request) -> [Act]

    /// Listens on a free loopback port and serves until the process or ``stop()`` ends it.
    init(respond: @escaping @Sendable (Request) -> [Act]) throws {
        self.respond = respond
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var on: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 1_024) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard status else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { self.acceptAll() }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    var count: Counts { counts.withLock { $0 } }

    /// Returns once so many requests were read in full.
    func received(_ requests: Int) async {
        await withCheckedContinuation { continuation in
            waiters.withLock { $0.append((requests, continuation)) }
            wakeWaiters()
        }
    }

    private func wakeWaiters() {
        let received = count.received
        let due = waiters.withLock { waiters in
            let due = waiters.filter { $0.requests <= received }
            waiters.removeAll { $0.requests <= received }
            return due
        }
        for waiter in due { waiter.continuation.resume() }
    }

    /// Takes no more connections.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func acceptAll() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            counts.withLock { $0.connections += 1 }
            var on: Int32 = 1
            setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            Thread.detachNewThread { self.serve(connection) }
        }
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var pending: [UInt8] = []
        var number = 0
        while let (head, body) = readRequest(connection, &pending) {
            let began = DispatchTime.now().uptimeNanoseconds
            number += 1
            let words = head.split(separator: " ", maxSplits: 2)
            let request = counts.withLock { counts in
                counts.received += 1
                let request = Request(
                    method: String(words[0]), path: words.count > 1 ? String(words[1]) : "", head: head, body: body,
                    number: counts.received, numberOnConnection: number)
                counts.requests.append(request)
                return request
            }
            wakeWaiters()
            for act in respond(request) {
                switch act {
                case .send(let text): write(connection, Array(text.utf8))
                case .sendBytes(let bytes): write(connection, bytes)
                case .pause(let milliseconds): pause(milliseconds, connection)
                case .close: return finish(began)
                case .reset:
                    var linger = linger(l_onoff: 1, l_linger: 0)
                    setsockopt(
                        connection, SOL_SOCKET, SO_LINGER, &linger,
                        socklen_t(MemoryLayout.size(ofValue: linger)))
                    return finish(began)
                }
            }
            finish(began)
        }
    }

    /// Does nothing for a while, or until the client is gone.
    private func pause(_ milliseconds: Int, _ connection: Int32) {
        // A client that waits for its answer sends nothing: whatever there is to read is its end.
        var hangUp = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
        poll(&hangUp, 1, Int32(milliseconds))
    }

    private func finish(_ began: UInt64) {
        let took = DispatchTime.now().uptimeNanoseconds - began
        counts.withLock { counts in
            counts.served += 1
            counts.serviceTimes.append(took)
        }
    }

    private func write(_ connection: Int32, _ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func readRequest(_ connection: Int32, _ pending: inout [UInt8]) -> (head: String, body: String)? {
        let separator = Array("\r\n\r\n".utf8)
        while true {
            if let end = pending.firstRange(of: separator) {
                let head = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
                let lengthLine = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                let length = lengthLine.flatMap { Int($0.dropFirst(15).filter(\.isNumber)) } ?? 0
                if pending.count >= end.upperBound + length {
                    let body = String(decoding: pending[end.upperBound..<end.upperBound + length], as: UTF8.self)
                    pending.removeFirst(end.upperBound + length)
                    return (head, body)
                }
            }
            var buffer = [UInt8](repeating: 0, count: 16_384)
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            pending += buffer.prefix(count)
        }
    }
}

extension ScriptedServer.Act {
    /// A whole good response.
    static func ok(_ body: String = "ok", headers: String = "") -> Self {
        .send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }
}
