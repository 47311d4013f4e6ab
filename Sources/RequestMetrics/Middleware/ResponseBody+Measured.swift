import Hummingbird

extension ResponseBody {
    /// The same body, which ends `measurement` when it was written, or could not be.
    func measured(by measurement: RequestMeasurement, status: Int) -> ResponseBody {
        ResponseBody(contentLength: contentLength) { writer in
            defer { measurement.end(status: status) }
            try await self.write(writer)
        }
    }

    /// Whether Hummingbird sends the whole body in one write with the head, as soon as the last middleware returns.
    ///
    /// Such a body must not be wrapped: a wrapped one takes three writes instead of one, which costs a small response far
    /// more than recording it does. Nothing is lost by that, since the write returns once the channel has the bytes; only
    /// beyond the channel's high-water mark would a wrapped body be held up by a slow client.
    var isSentWithHead: Bool {
        guard let contentLength, contentLength <= Self.highWaterMark else { return false }
        return ResponseBodyCase.of(self) != .closure
    }

    /// NIO's default: with more bytes waiting a channel is not writable.
    private static let highWaterMark = 65536
}
