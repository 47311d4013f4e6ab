import LatencyComparison
import LoadTest
import Testing

@Suite struct ResponseParserTests {
    /// What a parser made of a connection's bytes: statuses, body and how it ended.
    struct Reading: Equatable {
        var status = 0
        var body = ""
        var isComplete = false
        var keepsAlive = true
        var fault: ResponseFault?
    }

    /// Feeds the bytes in pieces, and the connection's end if asked to.
    static func read(
        _ pieces: [[UInt8]], isHead: Bool = false, thenCloses: Bool = false
    ) -> Reading {
        var parser = ResponseParser()
        return read(pieces, isHead: isHead, thenCloses: thenCloses, with: &parser)
    }

    /// Feeds one response's bytes to a parser that may have read others.
    static func read(
        _ pieces: [[UInt8]], isHead: Bool = false, thenCloses: Bool = false, with parser: inout ResponseParser
    ) -> Reading {
        parser.begin(isHead: isHead)
        var reading = Reading()
        var body: [UInt8] = []
        func take(_ event: ResponseParser.Event, _ piece: [UInt8]) -> Bool {
            switch event {
            case .needsBytes: return false
            case .body(let range): body += piece[range]
            case .end: reading.isComplete = true
            case .fault(let fault): reading.fault = fault
            }
            return reading.fault == nil && !reading.isComplete
        }
        for piece in pieces where reading.fault == nil {
            var position = 0
            if reading.isComplete {
                _ = take(parser.next(in: piece.span, from: &position), piece)
                continue
            }
            while take(parser.next(in: piece.span, from: &position), piece) {}
            if reading.isComplete, position < piece.count {
                _ = take(parser.next(in: piece.span, from: &position), piece)
            }
        }
        if thenCloses, !reading.isComplete, reading.fault == nil, let event = parser.connectionClosed() {
            _ = take(event, [])
        }
        reading.status = parser.status
        reading.keepsAlive = parser.keepsAlive
        reading.body = String(decoding: body, as: UTF8.self)
        return reading
    }

    static func read(_ text: String, isHead: Bool = false, thenCloses: Bool = false) -> Reading {
        read([Array(text.utf8)], isHead: isHead, thenCloses: thenCloses)
    }

    static let whole: [(text: String, expected: Reading)] = [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            Reading(status: 200, body: "hello", isComplete: true)
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX: y\r\n\r\n",
            Reading(status: 200, body: "hello world", isComplete: true)
        ),
        ("HTTP/1.1 204 No Content\r\n\r\n", Reading(status: 204, isComplete: true)),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", Reading(status: 304, isComplete: true)),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok",
            Reading(status: 201, body: "ok", isComplete: true)
        ),
        ("HTTP/1.1 200\r\ncontent-length:0\r\n\r\n", Reading(status: 200, isComplete: true)),
        ("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", Reading(status: 200, body: "ok", isComplete: true)),
        (
            "HTTP/1.1 200 OK\r\nConnection: Keep-Alive, CLOSE\r\nContent-Length: 1\r\n\r\nx",
            Reading(status: 200, body: "x", isComplete: true, keepsAlive: false)
        ),
        (
            "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
            Reading(status: 200, body: "x", isComplete: true, keepsAlive: false)
        ),
        (
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx",
            Reading(status: 200, body: "x", isComplete: true)
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\nContent-Length: 3\r\n\r\nabc",
            Reading(status: 200, body: "abc", isComplete: true)
        ),
        (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
            Reading(status: 101, isComplete: true, keepsAlive: false)
        ),
    ]

    @Test("A whole response is framed", arguments: whole)
    func wholeResponse(text: String, expected: Reading) {
        #expect(Self.read(text) == expected)
    }

    @Test("A response split at any byte reads the same", arguments: whole)
    func splitAnywhere(text: String, expected: Reading) {
        let bytes = Array(text.utf8)
        for cut in 1..<bytes.count {
            #expect(Self.read([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected, "cut at \(cut)")
        }
    }

    @Test("A response in pieces of one byte reads the same", arguments: whole)
    func byteByByte(text: String, expected: Reading) {
        #expect(Self.read(text.utf8.map { [$0] }) == expected)
    }

    @Test("Random pieces read the same, 2,000 times")
    func randomPieces() {
        let seed: UInt64 = 20_261_123
        print("ResponseParserTests seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let (text, expected) = Self.whole[Int.random(in: 0..<Self.whole.count, using: &random)]
            var rest = Array(text.utf8)[...]
            var pieces: [[UInt8]] = []
            while !rest.isEmpty {
                let count = Int.random(in: 0...min(rest.count, 12), using: &random)
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(Self.read(pieces) == expected, "\(pieces.map(\.count))")
        }
    }

    @Test("What a connection brought before never changes how a response reads", arguments: whole)
    func memory(text: String, expected: Reading) {
        var random = SeededGenerator(seed: 11)
        var parser = ResponseParser()
        for _ in 0..<40 {
            // Whole or in pieces, asked for with HEAD or not, after itself or after any other.
            for (text, expected) in [(text, expected)] + (Self.whole.randomElement(using: &random).map { [$0] } ?? []) {
                let bytes = Array(text.utf8)
                let cut = Bool.random(using: &random) ? bytes.count : Int.random(in: 0...bytes.count, using: &random)
                let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
                #expect(Self.read(pieces, with: &parser) == expected)
                let head =
                    Array(text.utf8.prefix { $0 != UInt8(ascii: "\n") }) + Array("\nContent-Length: 9\r\n\r\n".utf8)
                #expect(Self.read([head], isHead: true, with: &parser) == Self.read([head], isHead: true))
                #expect(Self.read([head], with: &parser) == Self.read([head]))
            }
        }
    }

    @Test("A body without a length ends with the connection")
    func closeDelimited() {
        let text = "HTTP/1.1 200 OK\r\n\r\nall of it"
        #expect(
            Self.read(text, thenCloses: true)
                == Reading(status: 200, body: "all of it", isComplete: true, keepsAlive: false))
        #expect(Self.read(text).isComplete == false)
    }

    @Test(
        "The answer to HEAD has no body, whatever it says",
        arguments: ["Content-Length: 9", "Transfer-Encoding: chunked", "X: y"])
    func head(header: String) {
        let reading = Self.read("HTTP/1.1 200 OK\r\n\(header)\r\n\r\n", isHead: true)
        #expect(reading == Reading(status: 200, isComplete: true))
    }

    @Test(
        "A broken response is a fault of its kind",
        arguments: [
            ("HELO\r\n", ResponseFault.badStatusLine),
            ("HTTP/2.0 200 OK\r\n", .badStatusLine),
            ("HTTP/1.1 2x0 OK\r\n", .badStatusLine),
            ("HTTP/1.1 099 OK\r\n", .badStatusLine),
            ("HTTP/1.1 2000 OK\r\n", .badStatusLine),
            ("\r\n", .badStatusLine),
            ("\u{0}\u{1}garbage\n", .badStatusLine),
            ("HTTP/1.1 200 OK\r\nno colon\r\n", .badHeader),
            ("HTTP/1.1 200 OK\r\n: empty name\r\n", .badHeader),
            ("HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n", .badHeader),
            ("HTTP/1.1 200 OK\r\nA : b\r\n", .badHeader),
            ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n", .badContentLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: \r\n", .badContentLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n", .badContentLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n", .badContentLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n", .badContentLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", .badTransferEncoding),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                .badTransferEncoding
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .badChunk),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", .badChunk),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", .badChunk),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", .badChunk),
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nextra", .unexpectedBytes),
        ])
    func broken(text: String, fault: ResponseFault) {
        #expect(Self.read(text).fault == fault)
        #expect(Self.read(text.utf8.map { [$0] }).fault == fault, "byte by byte")
    }

    @Test("A response cut anywhere before its end is truncated, or had not begun")
    func truncated() {
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".utf8)
        #expect(Self.read([[]], thenCloses: true).fault == nil)
        for count in 1..<bytes.count {
            #expect(Self.read([Array(bytes.prefix(count))], thenCloses: true).fault == .truncated, "\(count) bytes")
        }
    }

    @Test("A head may be large but not endless")
    func largeHead() {
        let line = "X-Filler: " + String(repeating: "a", count: 1_000) + "\r\n"
        let large = "HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 200) + "Content-Length: 2\r\n\r\nok"
        #expect(Self.read(large) == Reading(status: 200, body: "ok", isComplete: true))
        let endless = "HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 300)
        #expect(Self.read(endless).fault == .headTooLarge)
        let oneLine = "HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 300_000)
        #expect(Self.read(oneLine).fault == .headTooLarge)
    }

    @Test("Any number of chunks is taken")
    func manyChunks() {
        let chunks = String(repeating: "1\r\na\r\n", count: 100_000)
        let reading = Self.read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n")
        #expect(reading.isComplete)
        #expect(reading.body.utf8.count == 100_000)
    }

    @Test("Garbage never hangs and never crashes")
    func garbage() {
        let seed: UInt64 = 7
        print("ResponseParserTests garbage seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let alphabet = Array(
            "HTTP/1.1 200 OK\r\n:;,0123456789abcdefContent-Length chunked Transfer-Encoding\0\u{7F}".utf8)
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...200, using: &random)
            let bytes = (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            let prefix = Bool.random(using: &random) ? Array("HTTP/1.1 200 OK\r\n".utf8) : []
            _ = Self.read([prefix + bytes], thenCloses: true)
        }
    }

    @Test("The head is kept only when asked for")
    func keepsHead() {
        let bytes = Array(
            "HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n".utf8)
        var parser = ResponseParser()
        var position = 0
        parser.begin(keepsHead: true)
        #expect(parser.next(in: bytes.span, from: &position) == .end)
        #expect(
            parser.head.map { String(decoding: $0, as: UTF8.self) } == [
                "HTTP/1.1 302 Found", "Location: /x", "Content-Length: 0",
            ])
        position = 0
        parser.begin()
        #expect(parser.next(in: bytes.span, from: &position) == .end)
        #expect(parser.head.isEmpty)
    }
}
