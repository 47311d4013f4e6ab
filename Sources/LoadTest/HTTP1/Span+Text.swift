#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// ASCII text in bytes, without making strings of it.
extension Span<UInt8> {
    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard start < count else { return nil }
        return withUnsafeBufferPointer { bytes in
            // Looks at the bytes from `start` to the span's end, of which there is at least one.
            guard let base = bytes.baseAddress, let found = memchr(base + start, Int32(byte), bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    func lastIndex(of byte: UInt8) -> Int? {
        var index = count
        while index > 0 {
            index -= 1
            if self[index] == byte { return index }
        }
        return nil
    }

    /// A range of the bytes less the blanks and tabs at both its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, self[start].isBlank { start += 1 }
        while end > start, self[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    /// Whether the bytes are this ASCII text, which is given in lower case.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in indices {
                let own = self[index]
                let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(own) ? own | 0x20 : own
                guard lower == expected[index] else { return false }
            }
            return true
        }
    }

    /// The number written in decimal digits; `nil` for none, other characters or more than 64 bits.
    var decimal: UInt64? { number(radix: 10) }

    /// The number written in hexadecimal digits; `nil` for none, other characters or more than 64 bits.
    var hexadecimal: UInt64? { number(radix: 16) }

    private func number(radix: UInt64) -> UInt64? {
        guard !isEmpty else { return nil }
        var value: UInt64 = 0
        for index in indices {
            guard let digit = self[index].digit, digit < radix else { return nil }
            let (product, overflowed) = value.multipliedReportingOverflow(by: radix)
            let (sum, carried) = product.addingReportingOverflow(digit)
            guard !overflowed, !carried else { return nil }
            value = sum
        }
        return value
    }

    var copied: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            for index in indices { buffer[index] = self[index] }
            written = count
        }
    }
}

extension UInt8 {
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// The value of a hexadecimal digit.
    fileprivate var digit: UInt64? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(self - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(self - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
