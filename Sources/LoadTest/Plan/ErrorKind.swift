/// Why a request counts as failed. The raw value is the key in results.
public enum ErrorKind: String, Sendable, Hashable, CaseIterable, Codable {
    /// The target refused the connection.
    case connectionRefused = "connection_refused"
    /// The connection was not made within the connection timeout.
    case connectTimeout = "connect_timeout"
    /// The connection could not be made for another reason: no route, no such socket, no descriptor left.
    case connectFailed = "connect_failed"
    /// The encrypted connection could not be made: certificate, protocol version or name.
    case tlsFailed = "tls_failed"
    /// No complete response within the request timeout. Its latency so far stays in the percentiles.
    case timeout
    /// The target closed the connection before the first byte of a response.
    case closed
    /// The connection was reset.
    case reset
    /// The connection ended in the middle of a response.
    case truncated
    /// The response is not valid HTTP.
    case malformed
    /// A good response with bytes behind its end: a body where none may be (HEAD, 204, 304), or one longer than stated.
    case surplus
    /// A status that the step does not expect.
    case status
    /// The body lacks the text that the step expects.
    case text
    /// A value for later steps is missing from the response.
    case capture
    /// Open loop: the request was due but no connection was free before the end. Its waiting stays in the percentiles.
    case notSent = "not_sent"
    /// The run was interrupted while the request was under way.
    case cutOff = "cut_off"

    /// The position among all kinds, for tallies.
    var index: Int {
        switch self {
        case .connectionRefused: 0
        case .connectTimeout: 1
        case .connectFailed: 2
        case .tlsFailed: 3
        case .timeout: 4
        case .closed: 5
        case .reset: 6
        case .truncated: 7
        case .malformed: 8
        case .surplus: 9
        case .status: 10
        case .text: 11
        case .capture: 12
        case .notSent: 13
        case .cutOff: 14
        }
    }
}
