#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The number of files and sockets that the process may have open.
enum DescriptorLimit {
    /// Descriptors that the process needs besides its connections.
    static let reserve = 64

    /// The most connections that the process may have.
    static var most: Int {
        guard let limit = current else { return .max }
        return max(0, Int(clamping: limit) - reserve)
    }

    /// - Throws: ``LoadError/tooFewDescriptors(connections:limit:)``.
    static func check(connections: Int) throws(LoadError) {
        guard let limit = current, connections > most else { return }
        throw .tooFewDescriptors(connections: connections, limit: limit)
    }

    /// `nil` where the system does not tell.
    private static var current: UInt64? {
        var limit = rlimit()
        #if canImport(Glibc)
            let status = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #else
            let status = getrlimit(RLIMIT_NOFILE, &limit)
        #endif
        return status == 0 ? UInt64(limit.rlim_cur) : nil
    }
}
