extension LatencyHistogram {
    /// The version of the format that ``encoded()`` writes.
    public static let encodingVersion: UInt8 = 1

    /// The histogram as bytes: 6 for an empty one, about one for each bucket that is not.
    ///
    /// Format, version 1; numbers are unsigned LEB128 unless a size is given:
    ///
    /// | part | meaning |
    /// | --- | --- |
    /// | 1 byte | version in the high four bits, scale in the low four |
    /// | zero count, overflow count | how many values were 0 ns, how many above 2^48 ns |
    /// | number of buckets | those that are not empty |
    /// | first position | OpenTelemetry's index of the first bucket plus one; only when there are buckets |
    /// | buckets | for each: 4 · count + gap, the gap being how many empty ones come before it; then, when the gap is 3 or more (written as 3), what is beyond 3; then, when the count is 2^60 or more (written as 0), the count |
    /// | sum | nanoseconds; only when anything was recorded |
    /// | least, greatest | nanoseconds, greatest as the distance from least; only when more than one value was recorded |
    /// | 2 bytes | CRC-16/XMODEM of all before, high byte first |
    ///
    /// Most stored histograms are a quiet minute of one route: single requests with small gaps between them, a byte each.
    public func encoded() -> [UInt8] {
        let occupied = occupied
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24 + occupied.count)
        bytes.append(Self.encodingVersion << 4 | UInt8(truncatingIfNeeded: scale))
        bytes.appendVarint(zeroCount)
        bytes.appendVarint(overflowCount)
        bytes.appendVarint(UInt64(occupied.count { $0 > 0 }))
        if !occupied.isEmpty { bytes.appendVarint(UInt64(firstOccupied)) }
        var gap: UInt64 = 0
        for occurrences in occupied {
            guard occurrences > 0 else {
                gap += 1
                continue
            }
            bytes.appendBucket(occurrences, after: gap)
            gap = 0
        }
        if count > 0 { bytes.appendVarint(sum) }
        if count > 1 {
            bytes.appendVarint(least)
            bytes.appendVarint(greatest - least)
        }
        let crc = checksum(bytes[...])
        bytes.append(UInt8(crc >> 8))
        bytes.append(UInt8(crc & 0xFF))
        return bytes
    }

    /// Reads what ``encoded()`` wrote.
    ///
    /// Never traps and never allocates more than the bytes call for, whatever they hold.
    ///
    /// - Parameter bytes: one whole encoded histogram and nothing after it.
    /// - Throws: ``LatencyHistogramDecodingError`` when the bytes are cut off, changed, or of another version.
    public init(decoding bytes: some Sequence<UInt8>) throws(LatencyHistogramDecodingError) {
        let all = Array(bytes)
        guard let head = all.first else { throw .truncated(offset: 0) }
        guard head >> 4 == Self.encodingVersion else { throw .unsupportedVersion(head >> 4) }
        let scale = Int(head & 0x0F)
        guard Self.scales.contains(scale) else { throw .unsupportedScale(scale) }
        guard all.count >= 3 else { throw .truncated(offset: all.count) }

        let body = all[..<(all.count - 2)]
        let stored = UInt16(all[all.count - 2]) << 8 | UInt16(all[all.count - 1])
        let computed = checksum(body)
        guard stored == computed else { throw .checksumMismatch(stored: stored, computed: computed) }

        var reader = ByteReader(body.dropFirst())
        let zeroCount = try reader.varint()
        let overflowCount = try reader.varint()
        let (firstPosition, buckets) = try Self.readBuckets(from: &reader, scale: scale)

        var total = zeroCount
        total.addSaturating(overflowCount)
        for occurrences in buckets { total.addSaturating(occurrences) }
        let sum = total > 0 ? try reader.varint() : 0
        var least = sum
        var greatest = sum
        if total > 1 {
            least = try reader.varint()
            let (value, overflow) = least.addingReportingOverflow(try reader.varint())
            guard !overflow else {
                throw .malformed(offset: reader.offset, reason: "the greatest value is beyond 64 bits")
            }
            greatest = value
        }
        guard reader.isAtEnd else { throw .malformed(offset: reader.offset, reason: "bytes follow the histogram") }
        self.init(
            scale: scale, firstPosition: firstPosition, buckets: buckets, zeroCount: zeroCount,
            overflowCount: overflowCount, sum: sum, least: least, greatest: greatest)
    }

    private static func readBuckets(
        from reader: inout ByteReader, scale: Int
    ) throws(LatencyHistogramDecodingError) -> (firstPosition: Int, buckets: [UInt64]) {
        let number = try reader.varint()
        guard number > 0 else { return (0, []) }
        let first = try reader.varint()
        let limit = UInt64(positionLimit(scale: scale))
        var buckets: [UInt64] = []
        for _ in 0..<number {
            let at = reader.offset
            let (occurrences, gap) = try reader.bucket()
            let position = first.addingReportingOverflow(UInt64(buckets.count))
            let (end, overflow) = position.partialValue.addingReportingOverflow(gap)
            guard !position.overflow, !overflow, end < limit else {
                throw .malformed(offset: at, reason: "a bucket beyond the last one of scale \(scale)")
            }
            guard occurrences > 0 else { throw .malformed(offset: at, reason: "a bucket without a value") }
            buckets.append(contentsOf: repeatElement(0, count: Int(gap)))
            buckets.append(occurrences)
        }
        return (Int(first), buckets)
    }
}
