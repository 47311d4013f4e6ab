/// Why a run could not be made. The command ends with status 69.
public enum LoadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The target's name has no address.
    case unknownHost(String, reason: String)
    /// Not one connection could be made before the run.
    case unreachable(url: String, reason: String)
    /// More connections were asked for than the process may have descriptors.
    case tooFewDescriptors(connections: Int, limit: UInt64)
    /// The system refused what an event loop needs.
    case system(String)
    /// A certificate file cannot be used.
    case badCertificate(String, reason: String)

    /// The problem in a sentence, with the value at fault and how to mend it.
    public var description: String {
        switch self {
        case .unknownHost(let host, let reason):
            "the address of \(host) cannot be found: \(reason)"
        case .unreachable(let url, let reason):
            "\(url) cannot be reached: \(reason). Is the service running there?"
        case .tooFewDescriptors(let connections, let limit):
            "\(connections) connections need more descriptors than the \(limit) that this process may open; "
                + "raise the limit with: ulimit -n \(connections + 64)"
        case .system(let reason):
            "the system refused: \(reason)"
        case .badCertificate(let path, let reason):
            "the certificates in \(path) cannot be used: \(reason)"
        }
    }
}
