/// A request with its gaps resolved to positions in a slot's values, ready to be written as HTTP/1.1 or HTTP/2.
struct RequestTemplate: Sendable {
    struct Text: Sendable {
        enum Piece: Sendable {
            case literal([UInt8])
            case value(Int, Escaping)
        }

        let pieces: [Piece]

        var isFixed: Bool {
            pieces.allSatisfy { if case .literal = $0 { true } else { false } }
        }

        func append(to bytes: inout [UInt8], values: [[UInt8]]) {
            for piece in pieces {
                switch piece {
                case .literal(let literal): bytes += literal
                case .value(let index, let escaping): escaping.append(values[index], to: &bytes)
                }
            }
        }
    }

    /// How a value is made safe for its place.
    enum Escaping: Sendable {
        /// In a path or query: everything but unreserved characters as `%XX` (RFC 3986, 2.3).
        case percent
        /// In a header or raw in a path: no control characters, so that no value can add a line to the head.
        case controls
        /// In a body: as it is.
        case none

        func append(_ value: [UInt8], to bytes: inout [UInt8]) {
            switch self {
            case .none: bytes += value
            case .controls: bytes += value.lazy.filter { $0 >= 0x20 && $0 != 0x7F }
            case .percent:
                for byte in value {
                    if byte.isUnreserved {
                        bytes.append(byte)
                    } else {
                        bytes += [UInt8(ascii: "%"), byte.hexadecimalHigh, byte.hexadecimalLow]
                    }
                }
            }
        }
    }

    let method: String
    let authority: String
    let path: Text
    let headers: [(name: String, value: Text)]
    let body: Text?

    var isFixed: Bool {
        path.isFixed && headers.allSatisfy { $0.value.isFixed } && body?.isFixed != false
    }

    /// Appends the request as it goes over an HTTP/1.1 connection.
    func appendHTTP1(to bytes: inout [UInt8], values: [[UInt8]]) {
        bytes += method.utf8
        bytes.append(UInt8(ascii: " "))
        path.append(to: &bytes, values: values)
        bytes += " HTTP/1.1\r\n".utf8
        if !headers.contains(where: { $0.name.lowercased() == "host" }) { bytes += "Host: \(authority)\r\n".utf8 }
        for (name, value) in headers {
            bytes += name.utf8
            bytes += ": ".utf8
            value.append(to: &bytes, values: values)
            bytes += "\r\n".utf8
        }
        guard let body else {
            bytes += "\r\n".utf8
            return
        }
        var content: [UInt8] = []
        body.append(to: &content, values: values)
        bytes += "Content-Length: \(content.count)\r\n\r\n".utf8
        bytes += content
    }
}

extension UInt8 {
    fileprivate var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    fileprivate var hexadecimalHigh: UInt8 { (self >> 4).hexadecimalDigit }
    fileprivate var hexadecimalLow: UInt8 { (self & 15).hexadecimalDigit }
    private var hexadecimalDigit: UInt8 { self < 10 ? UInt8(ascii: "0") + self : UInt8(ascii: "A") + self - 10 }
}
