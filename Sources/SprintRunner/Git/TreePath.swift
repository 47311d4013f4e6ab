/// A path inside a git tree: any bytes but NUL, separated by `/`.
///
/// Names in git are bytes, not text: two names that differ only in bytes that are no UTF-8 would become one
/// `String`, and one of them would slip past every rule. So rules compare bytes, and text is only for people.
public struct TreePath: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    /// The path as git stores it.
    public let bytes: [UInt8]

    /// A path from the bytes that git printed.
    public init(bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// A path from text, in UTF-8.
    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The names between the slashes.
    var components: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) }

    /// The directories above, the topmost first.
    var directories: [TreePath] {
        bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") }.map { TreePath(bytes: bytes[..<$0]) }
    }

    /// The path as text, with what is no UTF-8 replaced: for matching patterns, never for identity.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The last name of the path, as text.
    var name: String { String(decoding: components.last ?? [], as: UTF8.self) }

    /// The path on one line: control characters and bytes that are no UTF-8 are escaped as in a C string.
    public var description: String {
        if let text = String(validating: bytes, as: UTF8.self),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
        {
            return text
        }
        var quoted = "\""
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n"): quoted += "\\n"
            case UInt8(ascii: "\t"): quoted += "\\t"
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): quoted += "\\" + String(UnicodeScalar(byte))
            case 0x20..<0x7f: quoted.unicodeScalars.append(UnicodeScalar(byte))
            default:
                let octal = String(byte, radix: 8)
                quoted += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
            }
        }
        return quoted + "\""
    }

    /// Orders by bytes, as git does.
    public static func < (left: Self, right: Self) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// Reads a path written as text, or as an array of bytes where it is no UTF-8.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self.init(text)
        } else {
            self.init(bytes: try container.decode([UInt8].self))
        }
    }

    /// Writes the path as text, or as an array of bytes where it is no UTF-8.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let text = String(validating: bytes, as: UTF8.self) {
            try container.encode(text)
        } else {
            try container.encode(bytes)
        }
    }
}
