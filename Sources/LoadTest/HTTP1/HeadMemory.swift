#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The last whole head of a connection and what it meant. A target that is asked the same says the same, but for the date
/// once a second: comparing bytes costs a twentieth of reading them line by line.
struct HeadMemory: Sendable {
    /// A longer head is read each time.
    private static let limit = 2_048

    /// All that reading a head decides.
    struct Meaning: Sendable {
        let status: Int
        let keepsAlive: Bool
        /// Whether it answered a `HEAD` request, which has no body.
        let isHead: Bool
        let state: ResponseParser.State
    }

    private var bytes: [UInt8] = []
    private var meaning: Meaning?
    /// Heads in a row that were not the one in memory.
    private var misses = 0

    mutating func keep(_ head: Span<UInt8>, meaning: Meaning) {
        guard head.count <= Self.limit else { return }
        // Where every head has a number of its own, say, keeping them is work for nothing; now and then it is tried.
        misses += 1
        guard misses <= 8 || misses.isMultiple(of: 64) else { return }
        bytes.removeAll(keepingCapacity: true)
        head.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        self.meaning = meaning
    }

    /// What the head means that begins at a position, with its length; `nil` when it is not the one in memory.
    mutating func meaning(in piece: Span<UInt8>, from position: Int, isHead: Bool) -> (meaning: Meaning, length: Int)? {
        guard let meaning, meaning.isHead == isHead, piece.count - position >= bytes.count else { return nil }
        let isSame = piece.withUnsafeBufferPointer { piece in
            bytes.withUnsafeBufferPointer { bytes in
                // Both hold at least so many bytes: checked above.
                guard let own = bytes.baseAddress, let other = piece.baseAddress else { return false }
                return memcmp(own, other + position, bytes.count) == 0
            }
        }
        guard isSame else { return nil }
        misses = 0
        return (meaning, bytes.count)
    }
}
