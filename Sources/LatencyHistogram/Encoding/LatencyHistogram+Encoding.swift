extension LatencyHistogram {
    /// The version of the format that ``encoded()`` writes. Version 1 was never released.
    public static let encodingVersion: UInt8 = 2

    /// The histogram as bytes: 4 for an empty one, about one for each bucket that is not.
    ///
    /// Format, version 2; numbers are unsigned LEB128 unless a size is given:
    ///
    /// | part | meaning |
    /// | --- | --- |
    /// | 1 byte | version in the high four bits, scale in the low four |
    /// | buckets and outsiders | 4 · number of buckets that are not empty, + 1 if there are zeros, + 2 if there are values above 2^48 ns |
    /// | zero count, overflow count | each only when there are some |
    /// | first position | OpenTelemetry's index of the first bucket plus one; only when there are buckets |
    /// | buckets | for each: 4 · count + gap, the gap being how many empty ones come before it; then, when the gap is 3 or more (written as 3), what is beyond 3; then, when the count is 2^60 or more (written as 0), the count |
    /// | sum | in nanoseconds, as its distance (zigzag: even when not negative) from what it were if every value stood in the middle of its bucket; only when anything was recorded |
    /// | least, greatest | in nanoseconds, as the distance from the least value that they may have; only when more than one value was recorded |
    /// | 2 bytes | CRC-16/XMODEM of all before, high byte first |
    ///
    /// Most stored histograms are a quiet minute of one route: single requests with small gaps between them, a byte each,
    /// and figures that hardly differ from what the buckets tell.
    public func encoded() -> [UInt8] {
        let occupied = occupied
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24 + occupied.count)
        bytes.append(Self.encodingVersion << 4 | UInt8(truncatingIfNeeded: scale))
        let outsiders: UInt64 = (zeroCount > 0 ? 1 : 0) + (overflowCount > 0 ? 2 : 0)
        bytes.appendVarint(UInt64(occupied.count { $0 > 0 }) << 2 | outsiders)
        if zeroCount > 0 { bytes.appendVarint(zeroCount) }
        if overflowCount > 0 { bytes.appendVarint(overflowCount) }
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
        if count > 0 { bytes.appendVarint((sum &- expectedSum).zigzag) }
        if count > 1 {
            let lowest = lowestExtremes
            bytes.appendVarint(least &- lowest.least)
            bytes.appendVarint(greatest &- lowest.greatest)
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
        let shape = try reader.varint()
        let zeroCount = shape & 1 > 0 ? try reader.varint() : 0
        let overflowCount = shape & 2 > 0 ? try reader.varint() : 0
        let (firstPosition, buckets) = try Self.readBuckets(shape >> 2, from: &reader, scale: scale)

        self.init(
            scale: scale, firstPosition: firstPosition, buckets: buckets, zeroCount: zeroCount,
            overflowCount: overflowCount, sum: 0, least: .max, greatest: 0)
        if count > 0 { sum = expectedSum &+ UInt64(zigzag: try reader.varint()) }
        if count == 1 {
            setExtremes(least: sum, greatest: sum)
        } else if count > 1 {
            let lowest = lowestExtremes
            let least = lowest.least &+ (try reader.varint())
            setExtremes(least: least, greatest: lowest.greatest &+ (try reader.varint()))
        }
        guard reader.isAtEnd else { throw .malformed(offset: reader.offset, reason: "bytes follow the histogram") }
    }

    /// The sum if every value stood in the middle of its bucket. Wraps, as what is taken from it and added to it does.
    private var expectedSum: UInt64 {
        var sum: UInt64 = 0
        for (offset, occurrences) in buckets.enumerated() where occurrences > 0 {
            let (low, high) = extremes(atPosition: firstPosition + offset)
            sum &+= (low + (high - low) / 2) &* occurrences
        }
        return sum
    }

    /// The least values that the extremes may have, as the counts tell.
    private var lowestExtremes: (least: UInt64, greatest: UInt64) {
        let occupied = occupied
        let outside = Self.highestTrackableValue + 1
        let lowest = occupied.isEmpty ? outside : extremes(atPosition: firstOccupied).low
        let highest = occupied.isEmpty ? 0 : extremes(atPosition: firstOccupied + occupied.count - 1).low
        return (zeroCount > 0 ? 0 : lowest, overflowCount > 0 ? outside : highest)
    }

    private static func readBuckets(
        _ number: UInt64, from reader: inout ByteReader, scale: Int
    ) throws(LatencyHistogramDecodingError) -> (firstPosition: Int, buckets: [UInt64]) {
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
