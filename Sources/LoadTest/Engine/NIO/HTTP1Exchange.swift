import NIOCore
import NIOSSL

/// HTTP/1.1 over an encrypted channel: one request at a time, framed by the same parser as on the fast path.
final class HTTP1Exchange: Exchange {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    static let negotiated: String? = nil

    var connection: ExchangeConnection
    private var slot: Int?
    private var parser = ResponseParser()
    private var scratch: [UInt8] = []
    private var wasReset = false
    /// More came with the response than belongs to it.
    private var hasSurplus = false

    init(_ connection: ExchangeConnection) {
        self.connection = connection
    }

    func prepare() {}

    func begin(_ slot: Int) {
        guard let context else { return repeatOrFail(slot, .closed) }
        self.slot = slot
        let request = loop.plan.requests[loop.dispatcher.slots[slot].request]
        parser.begin(isHead: request.isHead, keepsHead: request.keepsHead)
        scratch.removeAll(keepingCapacity: true)
        loop.dispatcher.appendRequest(of: slot, to: &scratch)
        loop.sent(slot, byteCount: scratch.count)
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: scratch)), promise: nil)
    }

    func cancel(_ slot: Int) {
        self.slot = nil
        close()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard let slot else { return close() }
        loop.received(slot, byteCount: buffer.readableBytes)
        // The view of the buffer's bytes ends with this closure.
        let ending = buffer.withUnsafeReadableBytes { bytes in
            consume(bytes.bindMemory(to: UInt8.self).span, of: slot)
        }
        guard let ending else { return }
        self.slot = nil
        if case .fault = ending {
            close()
            return loop.fail(slot, .malformed, at: MonotonicClock.now())
        }
        finish(slot)
    }

    /// Reads on; the event that ended the response, if one did.
    private func consume(_ bytes: Span<UInt8>, of slot: Int) -> ResponseParser.Event? {
        var position = 0
        while true {
            let event = parser.next(in: bytes, from: &position)
            switch event {
            case .needsBytes: return nil
            case .body(let range): loop.body(slot, bytes.extracting(range))
            case .end:
                hasSurplus = position < bytes.count
                return event
            case .fault: return event
            }
        }
    }

    private func finish(_ slot: Int) {
        connection.served += 1
        if !parser.keepsAlive || !isUsable || hasSurplus { close() }
        loop.answered(slot, status: parser.status, head: parser.head, hasSurplus: hasSurplus)
    }

    func ended() {
        guard let slot else { return }
        self.slot = nil
        let hasBegun = parser.hasBegun
        if case .end = parser.connectionClosed() { return finish(slot) }
        if hasBegun {
            loop.fail(slot, wasReset ? .reset : .truncated, at: MonotonicClock.now())
        } else {
            repeatOrFail(slot, wasReset ? .reset : .closed)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        noteHandshakeError(error)
        if error is IOError { wasReset = true }
        // A peer that ends without a closing alert is common; what counts is whether the response was complete.
        if case NIOSSLError.uncleanShutdown = error { return }
        close()
    }
}
