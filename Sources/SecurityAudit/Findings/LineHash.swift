/// The `primaryLocationLineHash` by which GitHub knows an alert again, computed as its upload action computes it.
///
/// A rolling hash of the 100 UTF-16 units from a line's start on, without blanks and tabs and with one kind of line
/// end, modulo 2^64; after a colon, which line with this hash it is. See `fingerprints.ts` in github/codeql-action.
struct LineHash {
    private static let window = 100
    private static let factor: UInt64 = 37
    private static let dropFactor = (0..<window).reduce(UInt64(1)) { power, _ in power &* factor }

    /// The hashes of some of a file's lines, which count from 1.
    static func hashes(of bytes: [UInt8], lines wanted: Set<Int>) -> [Int: String] {
        var state = LineHash(wanted: wanted)
        for unit in String(decoding: bytes, as: UTF8.self).utf16 { state.process(unit) }
        state.process(UInt16.max)
        state.flush()
        return state.result
    }

    private let wanted: Set<Int>
    private var result: [Int: String] = [:]
    private var units = [UInt64](repeating: 0, count: window)
    private var lineNumbers = [Int](repeating: 0, count: window)
    private var counts: [UInt64: Int] = [:]
    private var hash: UInt64 = 0
    private var index = 0
    private var line = 0
    private var isLineStart = true
    private var afterReturn = false

    private init(wanted: Set<Int>) { self.wanted = wanted }

    private mutating func process(_ unit: UInt16) {
        let lineFeed: UInt16 = 10
        let carriageReturn: UInt16 = 13
        if unit == 32 || unit == 9 || (afterReturn && unit == lineFeed) {
            afterReturn = false
            return
        }
        afterReturn = unit == carriageReturn
        let current = afterReturn ? lineFeed : unit
        if lineNumbers[index] != 0 { emit() }
        if isLineStart {
            isLineStart = false
            line += 1
            lineNumbers[index] = line
        }
        if current == lineFeed { isLineStart = true }
        update(UInt64(current))
    }

    private mutating func flush() {
        for _ in 0..<Self.window {
            if lineNumbers[index] != 0 { emit() }
            update(0)
        }
    }

    private mutating func emit() {
        let count = (counts[hash] ?? 0) + 1
        counts[hash] = count
        if wanted.contains(lineNumbers[index]) {
            result[lineNumbers[index]] = "\(String(hash, radix: 16)):\(count)"
        }
        lineNumbers[index] = 0
    }

    private mutating func update(_ unit: UInt64) {
        let oldest = units[index]
        units[index] = unit
        hash = Self.factor &* hash &+ unit &- Self.dropFactor &* oldest
        index = (index + 1) % Self.window
    }
}
