#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Finds out before a run whether the target can be connected to at all. Sends nothing.
enum Reachability {
    /// The first of the target's addresses that takes a connection.
    ///
    /// - Throws: ``LoadError`` when none does.
    static func firstReachable(_ target: Target, timeout: Duration) async throws(LoadError) -> Endpoint {
        let endpoints = try Endpoint.resolve(target)
        var reason = "it has no address"
        for endpoint in endpoints {
            switch Socket.connect(to: endpoint) {
            case .failure(let error): reason = error.text
            case .success(let (descriptor, isConnected)):
                defer { Socket.discard(descriptor) }
                if isConnected { return endpoint }
                let deadline = MonotonicClock.now() + nanoseconds(timeout)
                guard await isWritable(descriptor, before: deadline) else {
                    reason = "no answer within \(timeout)"
                    continue
                }
                let code = Socket.pendingError(of: descriptor)
                if code == 0 { return endpoint }
                reason = SocketError(code: code).text
            }
        }
        throw .unreachable(url: target.unixSocket ?? target.url, reason: reason.lowercasedFirst)
    }

    /// Asks again and again, so that no thread of the pool is blocked for long.
    private static func isWritable(_ descriptor: Int32, before deadline: UInt64) async -> Bool {
        while MonotonicClock.now() < deadline {
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if poll(&request, 1, 0) > 0 { return true }
            guard (try? await Task.sleep(for: .milliseconds(2))) != nil else { return false }
        }
        return false
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
