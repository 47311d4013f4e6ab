/// The modules by which a C function may be called with its full name, as in `Glibc.system(command)`.
enum CLibrary {
    static let names: Set<String> = ["Glibc", "Darwin", "Foundation", "Musl", "libc", "Bionic", "ucrt"]

    /// Copies of BoringSSL give each of its functions a prefix, so that two copies fit into one program.
    private static let prefixes = ["CNIOBoringSSL_", "CCryptoBoringSSL_", "CGRPCBoringSSL_"]

    /// A callee's names with BoringSSL's own name for its functions.
    static func unprefixed(_ path: [String]) -> [String] {
        guard path.count == 1, let prefix = prefixes.first(where: path[0].hasPrefix) else { return path }
        return [String(path[0].dropFirst(prefix.count))]
    }
}
