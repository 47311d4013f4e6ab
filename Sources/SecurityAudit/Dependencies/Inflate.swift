/// Decompresses DEFLATE data, RFC 1951.
struct Inflate {
    /// Why data could not be decompressed.
    enum Failure: Error {
        /// It ends too early or breaks a rule of the format.
        case damaged
        /// It would be larger than allowed.
        case tooLarge
    }

    private var input: ArraySlice<UInt8>
    private var bits: UInt32 = 0
    private var bitCount: UInt32 = 0
    private var output: [UInt8] = []
    private let limit: Int

    /// The decompressed bytes, at most `limit`.
    static func decompress(_ input: ArraySlice<UInt8>, limit: Int) throws(Failure) -> [UInt8] {
        var inflate = Inflate(input: input, limit: limit)
        try inflate.run()
        return inflate.output
    }

    private init(input: ArraySlice<UInt8>, limit: Int) {
        self.input = input
        self.limit = limit
    }

    private mutating func run() throws(Failure) {
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try stored()
            case 1: try block(literals: .fixedLiterals, distances: .fixedDistances)
            case 2:
                let (literals, distances) = try tables()
                try block(literals: literals, distances: distances)
            default: throw .damaged
            }
        }
    }

    private mutating func take(_ count: UInt32) throws(Failure) -> Int {
        while bitCount < count {
            guard let byte = input.popFirst() else { throw .damaged }
            bits |= UInt32(byte) << bitCount
            bitCount += 8
        }
        let value = bits & ((1 << count) - 1)
        bits >>= count
        bitCount -= count
        return Int(value)
    }

    private mutating func symbol(_ table: HuffmanTable) throws(Failure) -> Int {
        var walk = HuffmanTable.Walk()
        while true {
            if let symbol = try table.step(&walk, bit: try take(1)) { return symbol }
        }
    }

    private mutating func append(_ byte: UInt8) throws(Failure) {
        guard output.count < limit else { throw .tooLarge }
        output.append(byte)
    }

    private mutating func stored() throws(Failure) {
        bits = 0
        bitCount = 0
        let length = try take(16)
        guard try take(16) == ~length & 0xFFFF, input.count >= length else { throw .damaged }
        guard output.count + length <= limit else { throw .tooLarge }
        output += input.prefix(length)
        input = input.dropFirst(length)
    }

    private mutating func block(literals: HuffmanTable, distances: HuffmanTable) throws(Failure) {
        while true {
            let code = try symbol(literals)
            switch code {
            case 0..<256: try append(UInt8(code))
            case 256: return
            case 257..<286:
                let length = Self.lengthBases[code - 257] + (try take(Self.lengthExtras[code - 257]))
                let distanceCode = try symbol(distances)
                guard distanceCode < 30 else { throw .damaged }
                let distance = Self.distanceBases[distanceCode] + (try take(Self.distanceExtras[distanceCode]))
                guard distance <= output.count else { throw .damaged }
                for _ in 0..<length { try append(output[output.count - distance]) }
            default: throw .damaged
            }
        }
    }

    private mutating func tables() throws(Failure) -> (HuffmanTable, HuffmanTable) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let lengthCount = try take(4) + 4
        var lengths = [Int](repeating: 0, count: 19)
        for index in 0..<lengthCount { lengths[Self.lengthOrder[index]] = try take(3) }
        let codes = try HuffmanTable(lengths: lengths)
        var all: [Int] = []
        while all.count < literalCount + distanceCount {
            switch try symbol(codes) {
            case let length where length < 16: all.append(length)
            case 16:
                guard let last = all.last else { throw .damaged }
                all += [Int](repeating: last, count: 3 + (try take(2)))
            case 17: all += [Int](repeating: 0, count: 3 + (try take(3)))
            default: all += [Int](repeating: 0, count: 11 + (try take(7)))
            }
        }
        guard all.count == literalCount + distanceCount else { throw .damaged }
        return (
            try HuffmanTable(lengths: Array(all[..<literalCount])),
            try HuffmanTable(lengths: Array(all[literalCount...]))
        )
    }

    private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtras: [UInt32] = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]
    private static let distanceExtras: [UInt32] = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]
}

/// A canonical Huffman code: how many codes there are of each length, and the symbols in the order of their codes.
struct HuffmanTable: Sendable {
    private var counts = [Int](repeating: 0, count: 16)
    private var symbols: [Int] = []

    init(lengths: [Int]) throws(Inflate.Failure) {
        for length in lengths { counts[length] += 1 }
        counts[0] = 0
        var left = 1
        for length in 1...15 {
            left = left * 2 - counts[length]
            guard left >= 0 else { throw .damaged }
        }
        symbols = lengths.indices.filter { lengths[$0] > 0 }.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    }

    private init(complete lengths: [Int]) {
        for length in lengths { counts[length] += 1 }
        symbols = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    }

    static let fixedLiterals = HuffmanTable(
        complete: [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112) + [Int](repeating: 7, count: 24)
            + [Int](repeating: 8, count: 8))
    static let fixedDistances = HuffmanTable(complete: [Int](repeating: 5, count: 32))

    /// Where a symbol's bits have led so far.
    struct Walk {
        fileprivate var code = 0
        fileprivate var first = 0
        fileprivate var index = 0
        fileprivate var length = 1
    }

    /// The symbol that ends with this bit, or `nil` when more are needed.
    func step(_ walk: inout Walk, bit: Int) throws(Inflate.Failure) -> Int? {
        guard walk.length < 16 else { throw .damaged }
        walk.code |= bit
        let count = counts[walk.length]
        if walk.code - count < walk.first { return symbols[walk.index + walk.code - walk.first] }
        walk.index += count
        walk.first = (walk.first + count) << 1
        walk.code <<= 1
        walk.length += 1
        return nil
    }
}
