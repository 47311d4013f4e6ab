import Foundation
import LatencyHistogram

/// In results a histogram is its own encoding in base 64.
struct EncodedHistogram: Codable {
    let histogram: LatencyHistogram

    init(_ histogram: LatencyHistogram) {
        self.histogram = histogram
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let bytes = Data(base64Encoded: text), let histogram = try? LatencyHistogram(decoding: bytes) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a histogram in base 64")
        }
        self.histogram = histogram
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(histogram.encoded()).base64EncodedString())
    }
}
