import NIOCore
import NIOPosix
import NIOTLS

/// The last handler of a connection's pipeline: sends requests of slots and reports what comes back to its loop.
///
/// What is the same for both protocols, from the handshake to the end of the channel, is in the extension.
protocol Exchange: ChannelInboundHandler {
    var connection: ExchangeConnection { get set }
    /// The protocol that the handshake must have agreed on; `nil` takes any.
    static var negotiated: String? { get }
    /// The channel can carry requests now. Called once, before the loop hears of it.
    func prepare()
    /// Sends the slot's request.
    func begin(_ slot: Int)
    /// The slot's request is given up. Where streams are separate the others go on.
    func cancel(_ slot: Int)
    /// A channel that had been ready has ended.
    func ended()
}

/// What an exchange knows of its channel.
struct ExchangeConnection {
    let loop: NIOLoop
    /// The connection in the loop's list, and which of its successive channels this is.
    let link: Int
    let generation: Int
    let isEncrypted: Bool
    fileprivate(set) var context: ChannelHandlerContext?
    fileprivate(set) var isReady = false
    /// Whether new requests may still be sent.
    var isUsable = true
    /// Requests that this channel has answered.
    var served = 0
    /// Why it came to nothing.
    fileprivate var handshakeFailure: HandshakeFailure?

    init(loop: NIOLoop, link: Int, generation: Int, isEncrypted: Bool) {
        self.loop = loop
        self.link = link
        self.generation = generation
        self.isEncrypted = isEncrypted
    }
}

extension Exchange {
    var loop: NIOLoop { connection.loop }
    var context: ChannelHandlerContext? { connection.context }
    var isUsable: Bool { connection.isUsable }

    /// Ends the connection.
    func close() {
        connection.isUsable = false
        context?.close(promise: nil)
    }

    /// The request is sent once more on another connection where that does no harm, else it has failed.
    func repeatOrFail(_ slot: Int, _ kind: ErrorKind) {
        loop.repeatOrFail(slot, kind, hasServed: connection.served > 0)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connection.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        connection.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        if !connection.isEncrypted { becomeReady() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted(let agreed) = event {
            if Self.negotiated == nil || agreed == Self.negotiated {
                becomeReady()
            } else {
                connection.handshakeFailure = .noHTTP2
                close()
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Keeps why the handshake failed; later errors are those of requests.
    func noteHandshakeError(_ error: any Error) {
        guard connection.isEncrypted, !connection.isReady, connection.handshakeFailure == nil else { return }
        connection.handshakeFailure = HandshakeFailure(error)
    }

    private func becomeReady() {
        connection.isReady = true
        prepare()
        loop.ready(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.isUsable = false
        guard connection.isReady else {
            let kind: ErrorKind = connection.isEncrypted ? .tlsFailed : .connectFailed
            if connection.isEncrypted { loop.note(connection.handshakeFailure ?? .closed) }
            return loop.connectFailed(connection.link, connection.generation, kind, at: MonotonicClock.now())
        }
        ended()
    }
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
