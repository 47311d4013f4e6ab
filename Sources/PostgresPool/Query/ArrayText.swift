/// The elements of an array as Postgres prints it, `{1,NULL,"a,\\"b"}`.
///
/// See "Array Input and Output Syntax" in the
/// [PostgreSQL manual](https://www.postgresql.org/docs/current/arrays.html).
struct ArrayText {
    struct Element {
        /// What stands between the commas, without quotes and backslashes; nil for `NULL`.
        var text: [UInt8]?
        /// Whether it is an array itself.
        var isArray = false
    }

    private(set) var elements: [Element] = []
    private var rest: Slice<UnsafeRawBufferPointer>

    /// Reads the text, of which the bytes are only looked at here.
    ///
    /// - Returns: nil when it is no array.
    init?(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes[...]
        // Bounds that do not begin with 1 stand before it: `[0:1]={1,2}`.
        if rest.first == UInt8(ascii: "[") { rest = rest.drop { $0 != UInt8(ascii: "=") }.dropFirst() }
        guard rest.popFirst() == UInt8(ascii: "{") else { return nil }
        if rest.first == UInt8(ascii: "}") {
            rest.removeFirst()
        } else {
            repeat {
                guard let element = next() else { return nil }
                elements.append(element)
                guard let mark = rest.popFirst() else { return nil }
                if mark == UInt8(ascii: "}") { break }
                guard mark == UInt8(ascii: ",") else { return nil }
            } while true
        }
        guard rest.isEmpty else { return nil }
    }

    private mutating func next() -> Element? {
        switch rest.first {
        case UInt8(ascii: "\""): return quoted()
        case UInt8(ascii: "{"): return nested()
        default:
            let text = Array(rest.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") })
            rest = rest.dropFirst(text.count)
            return Element(text: text.elementsEqual("NULL".utf8) ? nil : text)
        }
    }

    private mutating func quoted() -> Element? {
        rest.removeFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return Element(text: text) }
            guard let character = byte == UInt8(ascii: "\\") ? rest.popFirst() : byte else { return nil }
            text.append(character)
        }
        return nil
    }

    /// An array within, as it stands.
    private mutating func nested() -> Element? {
        var (text, depth, isQuoted): ([UInt8], Int, Bool) = ([], 0, false)
        while let byte = rest.popFirst() {
            text.append(byte)
            switch byte {
            case UInt8(ascii: "\\"): if let escaped = rest.popFirst() { text.append(escaped) }
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "{") where !isQuoted: depth += 1
            case UInt8(ascii: "}") where !isQuoted: depth -= 1
            default: break
            }
            if depth == 0 { return Element(text: text, isArray: true) }
        }
        return nil
    }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    /// An array of whatever the element reads; of `[Int?]` where it can hold `NULL`, of `[[Int]]` where it has two
    /// dimensions.
    public static func decode(_ cell: PostgresCell) -> [Element]? {
        // Arrays are always fetched as text: ``PostgresType/decodableInBinary`` has none.
        guard !cell.isBinary, let array = ArrayText(cell.bytes) else { return nil }
        var result: [Element] = []
        result.reserveCapacity(array.elements.count)
        for element in array.elements {
            let value: Element? =
                if let text = element.text {
                    text.withUnsafeBytes { bytes in
                        let type = element.isArray ? cell.type : cell.type.element
                        return Element.decode(PostgresCell(type: type, isBinary: false, bytes: bytes))
                    }
                } else {
                    Element.decodedNull
                }
            guard let value else { return nil }
            result.append(value)
        }
        return result
    }
}

extension PostgresType {
    /// The type of an array's elements; unknown where it makes no difference to who reads text.
    fileprivate var element: PostgresType {
        switch self {
        case .boolArray: .bool
        case .byteaArray: .bytea
        case .timestamptzArray: .timestamptz
        // `timestamp without time zone[]`
        case PostgresType(rawValue: 1115): .timestamp
        case .uuidArray: .uuid
        default: .text
        }
    }
}
