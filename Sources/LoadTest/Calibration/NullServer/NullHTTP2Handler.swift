import NIOCore

/// HTTP/2 with as little work as it allows: of a frame it reads type, flags and stream (RFC 9113, 4.1), and never what
/// is in it. Heads arrive in one frame, since the generator's request to it is small.
final class NullHTTP2Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum FrameType {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let settings: UInt8 = 4
    }

    private enum Flag {
        /// ACK of settings, END_STREAM of data and heads.
        static let last: UInt8 = 1
        static let endHeaders: UInt8 = 4
    }

    /// `PRI * HTTP/2.0` and the rest of what a client begins with (RFC 9113, 3.4).
    private static let prefaceLength = 24
    private static let frameHeadLength = 9
    /// `:status: 200` in HPACK's static table (RFC 7541, appendix A).
    private static let status200: [UInt8] = [0x88]

    private var unread = ByteBuffer()
    private var hasPreface = false

    func channelActive(context: ChannelHandlerContext) {
        var settings = context.channel.allocator.buffer(capacity: Self.frameHeadLength)
        Self.write(FrameType.settings, 0, stream: 0, [], to: &settings)
        context.writeAndFlush(wrapOutboundOut(settings), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var read = unwrapInboundIn(data)
        unread.writeBuffer(&read)
        if !hasPreface {
            guard unread.readSlice(length: Self.prefaceLength) != nil else { return }
            hasPreface = true
        }
        var answers = context.channel.allocator.buffer(capacity: 1_024)
        while answerFrame(to: &answers) {}
        unread.discardReadBytes()
        if answers.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(answers), promise: nil) }
    }

    /// Reads a frame and writes what answers it; `false` when there is no whole one.
    private func answerFrame(to answers: inout ByteBuffer) -> Bool {
        let start = unread.readerIndex
        guard unread.readableBytes >= Self.frameHeadLength,
            let lengthAndType: UInt32 = unread.getInteger(at: start),
            let flags: UInt8 = unread.getInteger(at: start + 4),
            let stream: UInt32 = unread.getInteger(at: start + 5),
            unread.readSlice(length: Self.frameHeadLength + Int(lengthAndType >> 8)) != nil
        else { return false }
        let isLast = flags & Flag.last != 0
        switch UInt8(truncatingIfNeeded: lengthAndType) {
        case FrameType.settings where !isLast:
            Self.write(FrameType.settings, Flag.last, stream: 0, [], to: &answers)
        case FrameType.headers where isLast:
            Self.write(FrameType.headers, Flag.endHeaders, stream: stream, Self.status200, to: &answers)
            Self.write(FrameType.data, Flag.last, stream: stream, PlainNullServer.body, to: &answers)
        default: break
        }
        return true
    }

    private static func write(
        _ type: UInt8, _ flags: UInt8, stream: UInt32, _ payload: [UInt8], to buffer: inout ByteBuffer
    ) {
        buffer.writeInteger(UInt32(payload.count) << 8 | UInt32(type))
        buffer.writeInteger(flags)
        buffer.writeInteger(stream)
        buffer.writeBytes(payload)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
