/// Unsigned LEB128: seven bits a byte, least significant first, the high bit set on all but the last byte.
///
/// Format: DWARF 5, section 7.6.
extension [UInt8] {
    mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// Counts from here on do not fit beside a gap.
    fileprivate static var largeCount: UInt64 { 1 << 60 }

    /// Appends a bucket that comes after `gap` empty ones; see ``LatencyHistogram/encoded()``.
    mutating func appendBucket(_ occurrences: UInt64, after gap: UInt64) {
        let isLarge = occurrences >= Self.largeCount
        appendVarint((isLarge ? 0 : occurrences) << 2 | Swift.min(gap, 3))
        if gap >= 3 { appendVarint(gap - 3) }
        if isLarge { appendVarint(occurrences) }
    }
}

/// Differences, wrapped to 64 bits, as numbers that are small when the difference is: 0, −1, 1, −2 … become 0, 1, 2, 3 …
extension UInt64 {
    var zigzag: UInt64 {
        let difference = Int64(bitPattern: self)
        return UInt64(bitPattern: (difference &<< 1) ^ (difference &>> 63))
    }

    init(zigzag value: UInt64) {
        self = (value &>> 1) ^ (0 &- (value & 1))
    }
}

/// Reads bytes and varints in order and knows where it is, so that an error can say so.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private(set) var offset: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        offset = bytes.startIndex
    }

    var isAtEnd: Bool { offset == bytes.endIndex }

    mutating func byte() throws(LatencyHistogramDecodingError) -> UInt8 {
        guard offset < bytes.endIndex else { throw .truncated(offset: offset) }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func varint() throws(LatencyHistogramDecodingError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let next = try byte()
            let part = UInt64(next & 0x7F)
            guard shift < 63 || part <= 1 else { break }
            value |= part << shift
            if next & 0x80 == 0 { return value }
        }
        throw .malformed(offset: start, reason: "a number takes more than 64 bits")
    }

    /// Reads what ``Swift/Array/appendBucket(_:after:)`` wrote.
    mutating func bucket() throws(LatencyHistogramDecodingError) -> (occurrences: UInt64, gap: UInt64) {
        let token = try varint()
        var gap = token & 3
        if gap == 3 { gap.addSaturating(try varint()) }
        let occurrences = token >> 2
        return (occurrences > 0 ? occurrences : try varint(), gap)
    }
}

/// CRC-16/XMODEM: polynomial 0x1021, no reflection, start 0. It finds every change within two neighbouring bytes.
func checksum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
    bytes.reduce(0) { crc, byte in crc << 8 ^ checksumsOfBytes[Int(crc >> 8 ^ UInt16(byte))] }
}

/// The checksum of each byte alone, so that a stored day is not read bit by bit.
private let checksumsOfBytes: [UInt16] = (0..<256).map { byte in
    (0..<8).reduce(UInt16(byte) << 8) { crc, _ in crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
}
