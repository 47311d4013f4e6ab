import NIOCore
import NIOPosix

/// The last handler of a connection's pipeline: sends requests of slots and reports what comes back to its loop.
protocol Exchange: AnyObject {
    /// The connection in the loop's list, and which of its successive channels this is.
    var link: Int { get }
    /// Requests that this channel has answered.
    var served: Int { get }
    /// Whether new requests may still be sent.
    var isUsable: Bool { get }
    /// Sends the slot's request.
    func begin(_ slot: Int)
    /// The slot's request is given up. Where streams are separate the others go on.
    func cancel(_ slot: Int)
    /// Ends the connection.
    func close()
}

/// What a connection failed with, put under a kind.
extension ErrorKind {
    static func connect(_ error: any Error) -> ErrorKind {
        switch error {
        case ChannelError.connectTimeout: .connectTimeout
        case let error as IOError: SocketError(code: error.errnoCode).connectKind
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { connect($0.error) } ?? .connectFailed
        default: .connectFailed
        }
    }
}
