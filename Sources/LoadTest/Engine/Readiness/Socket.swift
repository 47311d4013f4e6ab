import CArrival

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An address that a socket can connect to, as the system writes it.
struct Endpoint: Sendable, Hashable {
    let family: Int32
    /// A `sockaddr` of the family, byte by byte.
    let address: [UInt8]

    var isIPv6: Bool { family == AF_INET6 }

    /// Whether it is this machine's own: 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        switch family {
        case AF_INET: address.count >= 8 && address[4] == 127
        case AF_INET6: address.count >= 24 && address[8..<24].elementsEqual([UInt8](repeating: 0, count: 15) + [1])
        default: false
        }
    }

    /// The addresses of a target, in the order in which the system would try them.
    ///
    /// - Throws: ``LoadError/unknownHost(_:reason:)`` when the name is unknown.
    static func resolve(_ target: Target) throws(LoadError) -> [Endpoint] {
        if let path = target.unixSocket { return [try unix(path)] }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = streamType
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(target.host, String(target.port), &hints, &list)
        guard status == 0 else {
            throw .unknownHost(target.host, reason: String(cString: gai_strerror(status)))
        }
        defer { freeaddrinfo(list) }
        var endpoints: [Endpoint] = []
        var next = list
        while let info = next?.pointee {
            if let address = info.ai_addr {
                let bytes = UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen))
                endpoints.append(Endpoint(family: info.ai_family, address: Array(bytes)))
            }
            next = info.ai_next
        }
        return endpoints
    }

    static func unix(_ path: String) throws(LoadError) -> Endpoint {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity, !path.isEmpty else {
            throw .unknownHost(path, reason: "a unix socket's path has between 1 and \(capacity - 1) bytes")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return Endpoint(family: AF_UNIX, address: withUnsafeBytes(of: &address) { Array($0) })
    }

    static var streamType: Int32 {
        #if canImport(Glibc)
            Int32(SOCK_STREAM.rawValue)
        #else
            SOCK_STREAM
        #endif
    }
}

/// The calls on non-blocking sockets that the readiness loop makes. None of them waits.
enum Socket {
    enum Transfer {
        case bytes(Int)
        case wouldBlock
        case closed
        case failed(Int32)
    }

    /// Opens a socket and begins to connect it.
    static func connect(to endpoint: Endpoint) -> Result<(descriptor: Int32, isConnected: Bool), SocketError> {
        let descriptor = socket(endpoint.family, Endpoint.streamType, 0)
        guard descriptor >= 0 else { return .failure(SocketError(code: errno)) }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var on: Int32 = 1
        if endpoint.family != AF_UNIX {
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        #if canImport(Glibc) || canImport(Musl)
            // Nothing is congested on loopback; BBR, where it is the system's choice, would set a timer for each request.
            // A system without Reno keeps its own choice.
            if endpoint.isLoopback { setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_CONGESTION, "reno", 4) }
        #else
            setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        #endif
        let status = endpoint.address.withUnsafeBytes { bytes in
            // The bytes were written by the system as a sockaddr of this family and length.
            guard let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return Int32(-1) }
            return systemConnect(descriptor, address, socklen_t(bytes.count))
        }
        if status == 0 { return .success((descriptor, true)) }
        // A unix socket whose queue is full says EAGAIN and would never become writable: a failure, to be tried again.
        if errno == EINPROGRESS { return .success((descriptor, false)) }
        let failure = SocketError(code: errno)
        close(descriptor)
        return .failure(failure)
    }

    /// The error that a socket met while it connected, 0 for none.
    static func pendingError(of descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }

    static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        transfer(recv(descriptor, buffer.baseAddress, buffer.count, 0), isRead: true)
    }

    /// Has the kernel note when it receives what is to be read. Where a system notes nothing, ``readStamped(_:into:)``
    /// tells no age, and the time of the read counts.
    static func stampArrivals(_ descriptor: Int32) {
        _ = arrival_stamp(descriptor)
    }

    /// Reads, and tells how many nanoseconds ago the kernel had the last of it; 0 where it does not say. See arrival.h.
    static func readStamped(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer
    ) -> (transfer: Transfer, age: Int64) {
        var age: Int64 = 0
        let count = arrival_receive(descriptor, buffer.baseAddress, buffer.count, &age)
        return (transfer(count, isRead: true), age)
    }

    static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Transfer {
        #if canImport(Glibc) || canImport(Musl)
            let flags = Int32(MSG_NOSIGNAL)
        #else
            let flags: Int32 = 0
        #endif
        return transfer(send(descriptor, bytes.baseAddress, bytes.count, flags), isRead: false)
    }

    private static func transfer(_ count: Int, isRead: Bool) -> Transfer {
        if count > 0 || count == 0 && !isRead { return .bytes(count) }
        if count == 0 { return .closed }
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? .wouldBlock : .failed(errno)
    }

    /// Takes a unix socket's path away.
    static func remove(_ path: String) {
        unlink(path)
    }

    /// Closes a socket.
    static func discard(_ descriptor: Int32) {
        close(descriptor)
    }
}

/// A refusal of the system, by its number.
struct SocketError: Error, Hashable {
    let code: Int32

    /// The kind under which a failed connection is counted.
    var connectKind: ErrorKind {
        switch code {
        case ECONNREFUSED: .connectionRefused
        case ETIMEDOUT: .connectTimeout
        default: .connectFailed
        }
    }

    var text: String { String(cString: strerror(code)) }
}

private func systemConnect(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
    connect(descriptor, address, length)
}
