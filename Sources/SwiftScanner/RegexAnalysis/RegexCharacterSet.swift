/// A set of characters as far as overlap matters: ASCII exactly, everything else as one.
struct RegexCharacterSet: Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var others = false

    static let all: Self = {
        var set = Self()
        (set.low, set.high, set.others) = (.max, .max, true)
        return set
    }()
    static let digit = Self(ranges: ["0"..."9"])
    static let word = Self(ranges: ["0"..."9", "A"..."Z", "a"..."z", "_"..."_"], others: true)
    static let space = Self(ranges: ["\t"..."\r", " "..." "])

    init() {}

    init(ranges: [ClosedRange<Unicode.Scalar>], others: Bool = false) {
        for range in ranges { insert(range) }
        self.others = self.others || others
    }

    mutating func insert(_ range: ClosedRange<Unicode.Scalar>) {
        if range.upperBound.value > 127 { others = true }
        guard range.lowerBound.value <= 127 else { return }
        for value in range.lowerBound.value...min(range.upperBound.value, 127) {
            if value < 64 { low |= 1 << UInt64(value) } else { high |= 1 << UInt64(value - 64) }
        }
    }

    mutating func formUnion(_ other: Self) {
        low |= other.low
        high |= other.high
        others = others || other.others
    }

    var inverted: Self {
        var set = Self()
        (set.low, set.high, set.others) = (~low, ~high, true)
        return set
    }

    func overlaps(_ other: Self) -> Bool { low & other.low != 0 || high & other.high != 0 || others && other.others }
}
