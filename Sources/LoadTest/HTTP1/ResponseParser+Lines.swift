/// What each line of a response means.
extension ResponseParser {
    /// Acts on one line, given without its line break.
    mutating func readLine(in line: Span<UInt8>) throws(ResponseFault) {
        switch state {
        case .statusLine: try readStatusLine(line)
        case .headers: try line.isEmpty ? endHead() : readHeader(line)
        case .chunkSize: try readChunkSize(line)
        case .chunkEnd:
            guard line.isEmpty else { throw .badChunk }
            state = .chunkSize
        case .trailers:
            if line.isEmpty { state = .complete }
        case .idle, .sized, .untilClose, .chunk, .complete: break
        }
    }

    private mutating func readStatusLine(_ line: Span<UInt8>) throws(ResponseFault) {
        // "HTTP/1.1 200 OK"; the reason and the blank before it may be missing.
        guard line.count >= 12, line.extracting(0..<7).equalsIgnoringCase("http/1."), line[8] == UInt8(ascii: " "),
            line[7] == UInt8(ascii: "1") || line[7] == UInt8(ascii: "0"),
            let code = line.extracting(9..<12).decimal, (100...999).contains(code),
            line.count == 12 || line[12] == UInt8(ascii: " ")
        else { throw .badStatusLine }
        status = Int(code)
        framing.isVersion10 = line[7] == UInt8(ascii: "0")
        keepsAlive = !framing.isVersion10
        keep(line)
        state = .headers
    }

    private mutating func readHeader(_ line: Span<UInt8>) throws(ResponseFault) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":"), from: 0), colon > 0,
            !line[0].isBlank, !line[colon - 1].isBlank
        else { throw .badHeader }
        keep(line)
        // The three names that frame a message differ in length, so that most lines are not compared at all.
        switch colon {
        case 10 where line.extracting(0..<10).equalsIgnoringCase("connection"):
            readConnection(line.extracting(11..<line.count))
        case 14 where line.extracting(0..<14).equalsIgnoringCase("content-length"):
            try framing.readContentLength(line.extracting(15..<line.count))
        case 17 where line.extracting(0..<17).equalsIgnoringCase("transfer-encoding"):
            try framing.readTransferEncoding(line.extracting(18..<line.count))
        default: break
        }
    }

    private mutating func readConnection(_ value: Span<UInt8>) {
        var start = 0
        while start <= value.count {
            let comma = value.firstIndex(of: UInt8(ascii: ","), from: start) ?? value.count
            let option = value.extracting(value.trimmed(start..<comma))
            if option.equalsIgnoringCase("close") {
                keepsAlive = false
                return
            }
            if option.equalsIgnoringCase("keep-alive") { keepsAlive = true }
            start = comma + 1
        }
    }

    private mutating func endHead() throws(ResponseFault) {
        // 1xx are news on the way; 101 alone is final, and what follows it is no longer HTTP.
        if (100..<200).contains(status), status != 101 {
            let total = headLength
            startMessage()
            headLength = total
            return
        }
        state = status == 101 ? .complete : try framing.bodyState(status: status, isHead: isHead)
        if case .untilClose = state { keepsAlive = false }
        if status == 101 { keepsAlive = false }
    }

    private mutating func readChunkSize(_ line: Span<UInt8>) throws(ResponseFault) {
        let end = line.firstIndex(of: UInt8(ascii: ";"), from: 0) ?? line.count
        guard let size = line.extracting(line.trimmed(0..<end)).hexadecimal else { throw .badChunk }
        // Chunk lines and trailers count against the limit one by one: a body may have any number of chunks.
        headLength = 0
        state = size == 0 ? .trailers : .chunk(size)
    }

    private mutating func keep(_ line: Span<UInt8>) {
        guard keepsHead else { return }
        head.append(line.copied)
    }
}
