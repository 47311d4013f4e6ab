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

    /// - Throws: ``LoadError/tooFewDescriptors(connections:limit:)``.
    static func check(connections: Int) throws(LoadError) {
        var limit = rlimit()
        #if canImport(Glibc)
            let status = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #else
            let status = getrlimit(RLIMIT_NOFILE, &limit)
        #endif
        guard status == 0, UInt64(connections + reserve) > UInt64(limit.rlim_cur) else { return }
        throw .tooFewDescriptors(connections: connections, limit: UInt64(limit.rlim_cur))
    }
}
