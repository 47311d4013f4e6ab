import LatencyHistogram

/// Latencies in blocks of equal time, a histogram each. Blocks begin with a second; when a run gets long, neighbours
/// are merged and blocks get twice as long, so that memory stays bounded.
struct BlockSeries: Sendable {
    static let limit = 256

    let start: UInt64
    /// Nanoseconds a block.
    private(set) var blockLength: UInt64 = 1_000_000_000
    private(set) var blocks: [LatencyHistogram] = []
    /// Failed requests in each block.
    private(set) var errors: [UInt64] = []
    private var current = 0
    private var currentEnd: UInt64 = 0

    init(start: UInt64) {
        self.start = start
    }

    /// Counts latencies of requests that ended at a time.
    mutating func record(_ latency: UInt64, at time: UInt64) {
        open(time)
        blocks[current].record(latency)
    }

    mutating func recordError(at time: UInt64) {
        open(time)
        errors[current] += 1
    }

    /// All blocks in one.
    var total: LatencyHistogram {
        blocks.reduce(into: LatencyHistogram(scale: StepTally.scale)) { $0.merge($1) }
    }

    /// The block that was recorded into last.
    var latest: LatencyHistogram? { blocks.indices.contains(current) ? blocks[current] : nil }

    mutating func merge(_ other: BlockSeries) {
        var other = other
        while other.blockLength < blockLength { other.coarsen() }
        while blockLength < other.blockLength { coarsen() }
        for (index, block) in other.blocks.enumerated() {
            if index == blocks.count {
                blocks.append(block)
                errors.append(other.errors[index])
            } else {
                blocks[index].merge(block)
                errors[index] += other.errors[index]
            }
        }
    }

    private mutating func open(_ time: UInt64) {
        if time < currentEnd, time >= currentEnd - blockLength { return }
        var index = Int((max(time, start) - start) / blockLength)
        while index >= Self.limit {
            coarsen()
            index = Int((max(time, start) - start) / blockLength)
        }
        while blocks.count <= index {
            blocks.append(LatencyHistogram(scale: StepTally.scale))
            errors.append(0)
        }
        current = index
        currentEnd = start + UInt64(index + 1) * blockLength
    }

    private mutating func coarsen() {
        var merged: [LatencyHistogram] = []
        var mergedErrors: [UInt64] = []
        for index in stride(from: 0, to: blocks.count, by: 2) {
            var block = blocks[index]
            var count = errors[index]
            if index + 1 < blocks.count {
                block.merge(blocks[index + 1])
                count += errors[index + 1]
            }
            merged.append(block)
            mergedErrors.append(count)
        }
        blocks = merged
        errors = mergedErrors
        blockLength *= 2
        currentEnd = 0
    }
}
