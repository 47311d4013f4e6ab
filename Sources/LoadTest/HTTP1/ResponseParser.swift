/// Frames HTTP/1.1 responses in bytes that arrive in pieces of any size (RFC 9112).
///
/// A pure state machine: bytes in, events out, no I/O and no clock. It looks only at what frames a message, so it
/// keeps no headers unless asked to, and allocates nothing while whole lines arrive together.
///
/// ```swift
/// var parser = ResponseParser()
/// parser.begin()
/// var position = 0
/// while true {
///     switch parser.next(in: bytes, from: &position) {
///     case .needsBytes: …   // read more and go on with the new piece at position 0
///     case .body(let range): …
///     case .end: …
///     case .fault(let fault): …
///     }
/// }
/// ```
package struct ResponseParser: Sendable {
    /// The largest head that is accepted, in bytes; more is ``ResponseFault/headTooLarge``.
    package static let headLimit = 256 * 1024

    package enum Event: Hashable, Sendable {
        /// The piece is used up and the response goes on.
        case needsBytes
        /// Part of the body: positions in the piece that was given. Chunk framing is already taken off.
        case body(Range<Int>)
        /// The response is complete. What follows in the piece, if anything, belongs to no request.
        case end
        case fault(ResponseFault)
    }

    /// Where in a response the machine is, seen before the next byte. Any line may also lead to `idle`, as a fault.
    enum State {
        /// Nothing is expected. Valid transitions are to: `statusLine`, by ``begin(isHead:keepsHead:)``.
        case idle
        /// Valid transitions are to: `headers`.
        case statusLine
        /// Valid transitions are to: `statusLine` (after 1xx), `sized`, `chunkSize`, `untilClose`, `complete`.
        case headers
        /// So many bytes of the body are left. Valid transitions are to: `complete`.
        case sized(UInt64)
        /// The body ends with the connection. Valid transitions are to: `idle`, by ``connectionClosed()``.
        case untilClose
        /// Valid transitions are to: `chunk`, `trailers`.
        case chunkSize
        /// So many bytes of this chunk are left. Valid transitions are to: `chunkEnd`.
        case chunk(UInt64)
        /// The line break after a chunk's bytes. Valid transitions are to: `chunkSize`.
        case chunkEnd
        /// Valid transitions are to: `complete`.
        case trailers
        /// The last byte was used and ``Event/end`` is still to be told. Valid transitions are to: `idle`.
        case complete
    }

    /// The status code of the final (not 1xx) response, 0 before its status line was read.
    package internal(set) var status = 0
    /// Whether the connection may carry another request after this response.
    package internal(set) var keepsAlive = true
    /// The lines of the final response's head without line breaks; empty unless asked for.
    package internal(set) var head: [[UInt8]] = []

    var state = State.idle
    var framing = BodyFraming()
    var isHead = false
    var keepsHead = false
    var headLength = 0
    private var memory = HeadMemory()
    /// Where in the piece the head began; `nil` when it began in an earlier one, or comes after a 1xx.
    private var headStart: Int?
    /// The beginning of a line whose end has not arrived yet.
    private var partialLine: [UInt8] = []

    package init() {}

    /// Gets ready for the response to a request.
    ///
    /// - Parameters:
    ///   - isHead: The request's method is `HEAD`: its response has no body, whatever its headers say.
    ///   - keepsHead: Keep the head's lines in ``head``.
    package mutating func begin(isHead: Bool = false, keepsHead: Bool = false) {
        self.isHead = isHead
        self.keepsHead = keepsHead
        startMessage()
    }

    mutating func startMessage() {
        state = .statusLine
        status = 0
        keepsAlive = true
        headLength = 0
        framing = BodyFraming()
        if !head.isEmpty { head.removeAll() }
        if !partialLine.isEmpty { partialLine.removeAll(keepingCapacity: true) }
    }

    /// Whether any byte of the awaited response has arrived.
    package var hasBegun: Bool {
        if case .statusLine = state { headLength > 0 } else { true }
    }

    /// Goes on in a piece of bytes until there is something to tell.
    ///
    /// - Parameters:
    ///   - bytes: The piece. Call again with the same piece after ``Event/body(_:)``.
    ///   - position: Where in the piece to go on; moved to behind what was used.
    package mutating func next(in bytes: Span<UInt8>, from position: inout Int) -> Event {
        while true {
            switch state {
            case .idle:
                return position < bytes.count ? .fault(.unexpectedBytes) : .needsBytes
            case .complete:
                state = .idle
                return .end
            case .sized(let left):
                guard let (range, rest) = take(left, of: bytes, from: &position) else { return .needsBytes }
                state = rest == 0 ? .complete : .sized(rest)
                return .body(range)
            case .chunk(let left):
                guard let (range, rest) = take(left, of: bytes, from: &position) else { return .needsBytes }
                state = rest == 0 ? .chunkEnd : .chunk(rest)
                return .body(range)
            case .untilClose:
                guard position < bytes.count else { return .needsBytes }
                defer { position = bytes.count }
                return .body(position..<bytes.count)
            case .statusLine, .headers, .chunkSize, .chunkEnd, .trailers:
                do throws(ResponseFault) {
                    guard try takeLine(of: bytes, from: &position) else { return .needsBytes }
                } catch {
                    state = .idle
                    return .fault(error)
                }
            }
        }
    }

    /// The connection ended. Tells whether that completes the response (a body without a stated length), and is
    /// `nil` when no response had begun.
    package mutating func connectionClosed() -> Event? {
        defer { state = .idle }
        switch state {
        case .untilClose, .complete: return .end
        case .idle: return nil
        case .statusLine where !hasBegun: return nil
        default: return .fault(.truncated)
        }
    }

    private func take(
        _ left: UInt64, of bytes: Span<UInt8>, from position: inout Int
    ) -> (range: Range<Int>, rest: UInt64)? {
        let taken = Int(min(left, UInt64(bytes.count - position)))
        guard taken > 0 else { return nil }
        defer { position += taken }
        return (position..<position + taken, left - UInt64(taken))
    }

    /// Goes past a head that is the same as the last one.
    private mutating func recallHead(in bytes: Span<UInt8>, from position: inout Int) -> Bool {
        guard !keepsHead, let (meaning, length) = memory.meaning(in: bytes, from: position, isHead: isHead) else {
            return false
        }
        status = meaning.status
        keepsAlive = meaning.keepsAlive
        state = meaning.state
        headLength = length
        position += length
        return true
    }

    /// Keeps a head that has just ended and lay in this piece whole.
    private mutating func keepHead(of bytes: Span<UInt8>, until end: Int) {
        if case .headers = state { return }
        defer { headStart = nil }
        guard !keepsHead, let headStart, status >= 200 else { return }
        memory.keep(
            bytes.extracting(headStart..<end),
            meaning: HeadMemory.Meaning(status: status, keepsAlive: keepsAlive, isHead: isHead, state: state))
    }

    /// Reads one line and acts on it; `false` when its end has not arrived yet.
    private mutating func takeLine(of bytes: Span<UInt8>, from position: inout Int) throws(ResponseFault) -> Bool {
        let start = position
        if case .statusLine = state, headLength == 0 {
            if recallHead(in: bytes, from: &position) { return true }
            headStart = start
        }
        let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start)
        position = end.map { $0 + 1 } ?? bytes.count
        headLength += position - start
        guard headLength <= Self.headLimit else { throw .headTooLarge }
        guard let end else {
            headStart = nil
            for index in start..<bytes.count { partialLine.append(bytes[index]) }
            return false
        }
        if partialLine.isEmpty {
            let isHeader = if case .headers = state { true } else { false }
            try readLine(in: bytes.extracting(start..<bytes.lineEnd(before: end, from: start)))
            if isHeader { keepHead(of: bytes, until: position) }
        } else {
            // Taken out while it is read, so that reading may change the parser.
            var line = partialLine
            partialLine = []
            for index in start..<end { line.append(bytes[index]) }
            try readLine(in: line.span.extracting(0..<line.span.lineEnd(before: line.count, from: 0)))
            line.removeAll(keepingCapacity: true)
            partialLine = line
        }
        return true
    }
}

extension Span<UInt8> {
    /// Where the line before a line feed ends: a carriage return before it is part of the line break.
    fileprivate func lineEnd(before lineFeed: Int, from start: Int) -> Int {
        lineFeed > start && self[lineFeed - 1] == UInt8(ascii: "\r") ? lineFeed - 1 : lineFeed
    }
}
