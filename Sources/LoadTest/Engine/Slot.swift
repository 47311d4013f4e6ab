/// Room for one request under way, and what its round of steps has learned so far.
struct Slot {
    /// A body that a step looks into is kept up to this many bytes.
    static let bodyLimit = 4 << 20

    /// Position of the request under way in ``RunPlan/requests``.
    var request = 0
    /// The steps of this round that are still to come.
    var remaining: Range<Int> = 0..<0
    var due: UInt64 = 0
    var sent: UInt64 = 0
    /// When the request before this one ended.
    var freeSince: UInt64
    var hasFirstByte = false
    var isRepeated = false
    var values: [[UInt8]] = []
    private(set) var keptBody: [UInt8] = []

    init(freeSince: UInt64) {
        self.freeSince = freeSince
    }

    mutating func keepBody(_ bytes: Span<UInt8>) {
        for index in bytes.indices where keptBody.count < Self.bodyLimit { keptBody.append(bytes[index]) }
    }

    mutating func free(at now: UInt64) {
        freeSince = now
        if !keptBody.isEmpty { keptBody.removeAll(keepingCapacity: true) }
    }
}
