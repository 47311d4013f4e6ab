// `record()` of the bare histogram against hdrhistogram-swift, bare and behind a Mutex, on one thread and on two.
import BenchSupport
import Foundation
import Histogram
import LatencyHistogram
import Synchronization

/// hdrhistogram-swift is a value type without a lock; behind a Mutex it can be shared.
final class Guarded: Sendable {
    private let histogram = Mutex(
        Histogram<UInt64>(highestTrackableValue: 1 << 40, numberOfSignificantValueDigits: .two))

    func record(_ value: UInt64) { histogram.withLock { _ = $0.record(value) } }
}

func contest(threads: Int, values: [UInt64], operations: Int, rounds: Int) -> [Contest.Result] {
    let shared = ConcurrentLatencyHistogram(scale: 5)
    let guarded = Guarded()
    let each = operations / threads
    var contest = Contest(operations: operations)
    contest.add("ConcurrentLatencyHistogram") {
        onThreads(threads) { _ in for index in 0..<each { shared.record(values[index & 4_095]) } }
    }
    contest.add("hdrhistogram-swift behind a Mutex") {
        onThreads(threads) { _ in for index in 0..<each { guarded.record(values[index & 4_095]) } }
    }
    if threads == 1 {
        contest.add("LatencyHistogram (a value, not shared)") {
            var histogram = LatencyHistogram(scale: 5)
            for index in 0..<each { histogram.record(values[index & 4_095]) }
            precondition(histogram.count > 0)
        }
        contest.add("hdrhistogram-swift (a value, not shared)") {
            var histogram = Histogram<UInt64>(highestTrackableValue: 1 << 40, numberOfSignificantValueDigits: .two)
            for index in 0..<each { _ = histogram.record(values[index & 4_095]) }
            precondition(histogram.totalCount > 0)
        }
    }
    return contest.run(rounds: rounds)
}

func run() {
    // Latencies as services have them: a few milliseconds, spread over five octaves.
    let values = (0..<4_096).map { _ in UInt64(exp(Double.random(in: 13...16.5))) }
    let table = MarkdownTable("record()", ">threads", ">ns a record, median of 9", ">least", ">against ours")
    for threads in [1, 2] {
        let results = contest(threads: threads, values: values, operations: 4_000_000, rounds: 9)
        for result in results {
            table.row(
                result.name, "\(threads)", text(result.median), text(result.least),
                text(result.median / results[0].median, 2) + " ×")
        }
    }
}

run()
