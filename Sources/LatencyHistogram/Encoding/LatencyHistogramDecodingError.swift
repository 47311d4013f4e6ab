/// Why bytes are not an encoded ``LatencyHistogram``.
public enum LatencyHistogramDecodingError: Error, Hashable {
    /// The bytes end at `offset`, before the histogram does.
    case truncated(offset: Int)
    /// Written by a version of the format that this one does not know.
    case unsupportedVersion(UInt8)
    /// A scale outside ``LatencyHistogram/scales``.
    case unsupportedScale(Int)
    /// The bytes were changed after they were written.
    case checksumMismatch(stored: UInt16, computed: UInt16)
    /// The bytes at `offset` mean nothing in this format.
    case malformed(offset: Int, reason: String)
}

extension LatencyHistogramDecodingError: CustomStringConvertible {
    /// What is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .truncated(let offset):
            "the histogram ends after \(offset) bytes, before it is complete; read it anew from its source"
        case .unsupportedVersion(let version):
            "histogram format \(version) is not known, only \(LatencyHistogram.encodingVersion); upgrade the reader"
        case .unsupportedScale(let scale):
            "scale \(scale) is outside \(LatencyHistogram.scales.lowerBound) to \(LatencyHistogram.scales.upperBound); "
                + "the bytes are not a histogram or are damaged"
        case .checksumMismatch(let stored, let computed):
            "the histogram is damaged: its checksum is \(stored), its bytes give \(computed); read it anew from its source"
        case .malformed(let offset, let reason):
            "the histogram is damaged at byte \(offset): \(reason)"
        }
    }
}
