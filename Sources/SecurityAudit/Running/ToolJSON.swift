import Foundation

/// Reads what tools print as JSON.
enum ToolJSON {
    /// The value, or `nil` when the bytes are not of this form.
    ///
    /// Python writes a file name that is no UTF-8 with halves of surrogate pairs, which Foundation refuses; they become
    /// `U+FFFD`.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) -> Value? {
        let decoder = JSONDecoder()
        if let value = try? decoder.decode(type, from: Data(bytes)) { return value }
        let whole = withoutHalves(bytes)
        return whole == bytes ? nil : try? decoder.decode(type, from: Data(whole))
    }

    private static func withoutHalves(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        var index = 0
        while index + 1 < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            if let unit = escapedUnit(at: index, in: bytes), (0xD800..<0xE000).contains(unit) {
                if unit < 0xDC00, let next = escapedUnit(at: index + 6, in: bytes), (0xDC00..<0xE000).contains(next) {
                    index += 12
                    continue
                }
                result.replaceSubrange(index + 2..<index + 6, with: Array("fffd".utf8))
            }
            // What is escaped may be a backslash itself.
            index += 2
        }
        return result
    }

    /// The number in `\u1234`.
    private static func escapedUnit(at index: Int, in bytes: [UInt8]) -> UInt16? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return UInt16(String(decoding: bytes[index + 2..<index + 6], as: UTF8.self), radix: 16)
    }
}
