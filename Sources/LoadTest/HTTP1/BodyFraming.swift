/// What a response's headers say about where its body ends (RFC 9112, 6.3).
struct BodyFraming {
    var contentLength: UInt64?
    /// The last transfer coding is `chunked`.
    var isChunked = false
    /// Another transfer coding comes last.
    var hasOtherCoding = false
    var isVersion10 = false

    mutating func readContentLength(_ value: Span<UInt8>) throws(ResponseFault) {
        // A list of equal numbers, as proxies make of repeated headers, is one number.
        var start = 0
        while start <= value.count {
            let comma = value.firstIndex(of: UInt8(ascii: ","), from: start) ?? value.count
            guard let number = value.extracting(value.trimmed(start..<comma)).decimal,
                contentLength == nil || contentLength == number
            else { throw .badContentLength }
            contentLength = number
            start = comma + 1
        }
    }

    mutating func readTransferEncoding(_ value: Span<UInt8>) throws(ResponseFault) {
        guard !isChunked else { throw .badTransferEncoding }
        let lastComma = value.lastIndex(of: UInt8(ascii: ","))
        let last = value.extracting(value.trimmed((lastComma.map { $0 + 1 } ?? 0)..<value.count))
        isChunked = last.equalsIgnoringCase("chunked")
        hasOtherCoding = !isChunked || lastComma != nil
    }

    /// The state in which the body is read.
    func bodyState(status: Int, isHead: Bool) throws(ResponseFault) -> ResponseParser.State {
        if isHead || status == 204 || status == 304 { return .complete }
        if isChunked || hasOtherCoding {
            guard contentLength == nil else { throw .badTransferEncoding }
            return isChunked ? .chunkSize : .untilClose
        }
        guard let contentLength else { return .untilClose }
        return contentLength == 0 ? .complete : .sized(contentLength)
    }
}
