import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOSSL

/// HTTP/2: a stream for each request, many at once, written and read as frames without a channel for each stream.
final class HTTP2Exchange: Exchange {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private struct Stream {
        let slot: Int
        var status = 0
        var head: [[UInt8]] = []
        /// Bytes read whose window was not given back yet.
        var unacknowledged = 0
    }

    /// What the peer may send ahead, on a stream and on the connection: enough that a large body never waits for us.
    private static let streamWindow = 1 << 20
    private static let connectionWindow = 1 << 24
    /// The connection's window before any setting (RFC 9113, 6.9.2).
    private static let initialWindow = 65_535

    /// The settings that a connection begins with.
    static let settings = [
        HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
        HTTP2Setting(parameter: .enablePush, value: 0),
    ]

    static let negotiated: String? = "h2"

    var connection: ExchangeConnection
    private var streams: [HTTP2StreamID: Stream] = [:]
    private var nextStream = 1
    private var unacknowledged = 0
    /// Whether a frame of the target has been read.
    private var hasHeard = false
    /// What requests fail with when the connection ends.
    private var fault = ErrorKind.closed

    init(_ connection: ExchangeConnection) {
        self.connection = connection
    }

    func prepare() {
        giveBack(Self.connectionWindow - Self.initialWindow, of: .rootStream)
        context?.flush()
    }

    // MARK: Requests

    func begin(_ slot: Int) {
        guard let context, isUsable else { return repeatOrFail(slot, .closed) }
        let id = HTTP2StreamID(nextStream)
        nextStream += 2
        // Stream numbers end at 2^31 - 1; a new connection begins anew.
        if nextStream > Int(Int32.max) - 2 { connection.isUsable = false }
        streams[id] = Stream(slot: slot)
        let current = loop.dispatcher.slots[slot]
        let template = loop.plan.requests[current.request].template
        let headers = template.hpackHeaders(isSecure: loop.plan.target.isSecure, values: current.values)
        var size = headers.byteCount
        let body = template.body.map { text in
            var bytes: [UInt8] = []
            text.append(to: &bytes, values: current.values)
            size += bytes.count
            return context.channel.allocator.buffer(bytes: bytes)
        }
        loop.sent(slot, byteCount: size)
        let headFrame = HTTP2Frame(
            streamID: id, payload: .headers(.init(headers: headers, endStream: body == nil)))
        context.write(wrapOutboundOut(headFrame), promise: nil)
        if let body {
            let dataFrame = HTTP2Frame(streamID: id, payload: .data(.init(data: .byteBuffer(body), endStream: true)))
            context.write(wrapOutboundOut(dataFrame), promise: nil)
        }
        context.flush()
    }

    func cancel(_ slot: Int) {
        guard let (id, _) = streams.first(where: { $0.value.slot == slot }) else { return }
        streams[id] = nil
        let frame = HTTP2Frame(streamID: id, payload: .rstStream(.cancel))
        context?.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    // MARK: Frames

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        hasHeard = true
        switch frame.payload {
        case .headers(let payload): readHeaders(payload, of: frame.streamID)
        case .data(let payload): readData(payload, of: frame.streamID)
        case .rstStream:
            guard let stream = streams.removeValue(forKey: frame.streamID) else { return }
            loop.fail(stream.slot, .reset, at: MonotonicClock.now())
        case .goAway(let last, _, _): goAway(after: last)
        case .settings(.settings(let settings)):
            let most = settings.last { $0.parameter == .maxConcurrentStreams }?.value
            if let most, most < loop.plan.limits.streamsPerConnection { loop.limitStreams(to: most) }
        default: break
        }
    }

    private func readHeaders(_ payload: HTTP2Frame.FramePayload.Headers, of id: HTTP2StreamID) {
        guard var stream = streams[id] else { return }
        loop.received(stream.slot, byteCount: payload.headers.byteCount)
        if let status = payload.headers.first(name: ":status").flatMap({ Int($0) }) {
            // 1xx are news on the way.
            guard status >= 200 else { return }
            stream.status = status
            if loop.plan.requests[loop.dispatcher.slots[stream.slot].request].keepsHead {
                stream.head = [[]] + payload.headers.map { Array("\($0.name): \($0.value)".utf8) }
            }
            streams[id] = stream
        }
        if payload.endStream { finish(id) }
    }

    private func readData(_ payload: HTTP2Frame.FramePayload.Data, of id: HTTP2StreamID) {
        guard case .byteBuffer(let buffer) = payload.data else { return }
        let used = buffer.readableBytes + (payload.paddingBytes.map { $0 + 1 } ?? 0)
        unacknowledged += used
        if unacknowledged >= Self.connectionWindow / 2 {
            giveBack(unacknowledged, of: .rootStream)
            unacknowledged = 0
        }
        guard var stream = streams[id] else { return }
        stream.unacknowledged += used
        if stream.unacknowledged >= Self.streamWindow / 2, !payload.endStream {
            giveBack(stream.unacknowledged, of: id)
            stream.unacknowledged = 0
        }
        streams[id] = stream
        loop.received(stream.slot, byteCount: buffer.readableBytes)
        buffer.withUnsafeReadableBytes { loop.body(stream.slot, $0.bindMemory(to: UInt8.self).span) }
        if payload.endStream { finish(id) }
    }

    private func finish(_ id: HTTP2StreamID) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        connection.served += 1
        if !isUsable, streams.isEmpty { close() }
        loop.answered(stream.slot, status: stream.status, head: stream.head)
    }

    /// Lets the peer send so many bytes more; on the wire when the read that caused it is complete.
    private func giveBack(_ count: Int, of id: HTTP2StreamID) {
        let frame = HTTP2Frame(streamID: id, payload: .windowUpdate(windowSizeIncrement: count))
        context?.write(wrapOutboundOut(frame), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    // MARK: The end

    /// The peer takes no new streams; those after the last it names were not looked at and do no harm again.
    private func goAway(after last: HTTP2StreamID) {
        connection.isUsable = false
        for (id, stream) in streams where id > last {
            streams[id] = nil
            loop.repeatOrFail(stream.slot, .closed, hasServed: true)
        }
        if streams.isEmpty { close() }
    }

    func ended() {
        let open = streams.values
        streams = [:]
        for stream in open {
            if fault == .malformed {
                loop.fail(stream.slot, fault, at: MonotonicClock.now())
            } else if stream.status == 0 {
                repeatOrFail(stream.slot, fault)
            } else {
                loop.fail(stream.slot, fault == .reset ? .reset : .truncated, at: MonotonicClock.now())
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        noteHandshakeError(error)
        // An error of one stream alone ends that stream; anything else ends the connection.
        if let error = error as? NIOHTTP2Errors.StreamError {
            guard let stream = streams.removeValue(forKey: error.streamID) else { return }
            return loop.fail(stream.slot, .malformed, at: MonotonicClock.now())
        }
        // A peer that ends without a closing alert is common; what counts is whether responses were complete.
        if case NIOSSLError.uncleanShutdown = error { return }
        if error is IOError { fault = .reset } else if error is any NIOHTTP2Error { fault = .malformed }
        if fault == .malformed, !hasHeard, !connection.isEncrypted { loop.note(.notHTTP2) }
        close()
    }
}

extension RequestTemplate {
    /// The request's head as HTTP/2 sends it (RFC 9113, 8.3).
    fileprivate func hpackHeaders(isSecure: Bool, values: [[UInt8]]) -> HPACKHeaders {
        func text(_ text: Text) -> String {
            var bytes: [UInt8] = []
            text.append(to: &bytes, values: values)
            return String(decoding: bytes, as: UTF8.self)
        }
        let host = headers.first { $0.name.lowercased() == "host" }
        var result = HPACKHeaders([
            (":method", method), (":scheme", isSecure ? "https" : "http"), (":path", text(path)),
            (":authority", host.map { text($0.value) } ?? authority),
        ])
        for (name, value) in headers where name.lowercased() != "host" {
            result.add(name: name.lowercased(), value: text(value))
        }
        return result
    }
}

extension HPACKHeaders {
    /// The size before compression.
    fileprivate var byteCount: Int { reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count } }
}
