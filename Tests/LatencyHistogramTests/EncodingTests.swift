import Foundation
import Testing

@testable import LatencyHistogram

@Suite struct EncodingTests {
    static func samples() -> [LatencyHistogram] {
        var random = SplitMix(seed: 21)
        var samples = [LatencyHistogram(), LatencyHistogram(scale: 0), LatencyHistogram(scale: 8)]
        for scale in 0...8 {
            var one = LatencyHistogram(scale: scale)
            one.record(random.next() >> 40)
            var wide = one
            for _ in 0..<500 { wide.record(random.next() >> (random.next() % 64), count: random.next() % 400) }
            var extremes = LatencyHistogram(scale: scale)
            extremes.record(0, count: 3)
            extremes.record(.max, count: 2)
            var full = LatencyHistogram(scale: scale)
            full.record(77, count: .max)
            full.record(1 << 48, count: .max)
            samples += [one, wide, extremes, full]
        }
        return samples
    }

    @Test func roundTrips() throws {
        for histogram in Self.samples() {
            #expect(try LatencyHistogram(decoding: histogram.encoded()) == histogram)
        }
    }

    @Test func everyTruncationIsAnError() {
        for histogram in Self.samples() {
            let bytes = histogram.encoded()
            for length in 0..<bytes.count {
                #expect(throws: LatencyHistogramDecodingError.self) {
                    try LatencyHistogram(decoding: bytes.prefix(length))
                }
            }
        }
    }

    @Test func everyChangedByteIsAnError() {
        for histogram in Self.samples() {
            let bytes = histogram.encoded()
            for position in bytes.indices {
                for flip in [UInt8(1), 0x10, 0x80, 0xFF] {
                    var damaged = bytes
                    damaged[position] ^= flip
                    #expect(throws: LatencyHistogramDecodingError.self) { try LatencyHistogram(decoding: damaged) }
                }
            }
        }
    }

    /// A valid checksum over nonsense must still not trap, hang or take memory.
    @Test func hostileBytesWithARightChecksum() {
        var random = SplitMix(seed: 99)
        for _ in 0..<50_000 {
            var bytes: [UInt8] = [0x20 | UInt8(random.next() % 9)]
            for _ in 0..<(random.next() % 24) {
                bytes.append(random.next() % 3 == 0 ? 0xFF : UInt8(truncatingIfNeeded: random.next()))
            }
            let crc = checksum(bytes[...])
            bytes += [UInt8(crc >> 8), UInt8(crc & 0xFF)]
            guard let histogram = try? LatencyHistogram(decoding: bytes) else { continue }
            _ = histogram.quantile(0.5)
            _ = histogram.count(below: 1_000)
            #expect((try? LatencyHistogram(decoding: histogram.encoded())) == histogram)
        }
    }

    @Test func errorsSayWhatIsWrong() {
        #expect(message([]) == "the histogram ends after 0 bytes, before it is complete; read it anew from its source")
        #expect(message([0x35, 0, 0, 0]) == "histogram format 3 is not known, only 2; upgrade the reader")
        #expect(
            message([0x2F, 0, 0, 0])
                == "scale 15 is outside 0 to 8; the bytes are not a histogram or are damaged")
        #expect(
            message([0x25, 0, 0, 0, 1, 2])
                == "the histogram is damaged: its checksum is 258, its bytes give "
                + "\(checksum([0x25, 0, 0, 0]))" + "; read it anew from its source")
    }

    /// A minute of a quiet route must cost tens of bytes: tables that grow are what users complain of most.
    @Test func smallHistogramsAreSmall() {
        var histogram = LatencyHistogram()
        var random = SplitMix(seed: 4)
        for _ in 0..<100 { histogram.record(UInt64(2e6 * (1 + random.unit()))) }
        #expect(histogram.encoded().count <= 60)
        var quiet = LatencyHistogram()
        for _ in 0..<11 { quiet.record(UInt64(exp(15.4 + 0.6 * random.normal()))) }
        #expect(quiet.encoded().count <= 36)
        #expect(LatencyHistogram().encoded().count == 4)
    }

    private func message(_ bytes: [UInt8]) -> String {
        do {
            _ = try LatencyHistogram(decoding: bytes)
            return "decoded"
        } catch {
            return "\(error)"
        }
    }
}
