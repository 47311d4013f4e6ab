// `record()` against hdrhistogram-swift, bare and behind a Mutex, on one thread and on two.
import BenchSupport
import Foundation
import Histogram
import LatencyHistogram
import Synchronization

/// Latencies as services have them: a few milliseconds, spread over three octaves.
let values: [UInt64] = (0..<4_096).map { _ in UInt64(exp(Double.random(in: 13...16.5))) }
let operations = 4_000_000
let rounds = 9

/// hdrhistogram-swift is a value type without a lock; behind a Mutex it can be shared.
final class Guarded: Sendable {
    let histogram = Mutex(Histogram<UInt64>(highestTrackableValue: 1 << 40, numberOfSignificantValueDigits: .two))
    func record(_ value: UInt64) { histogram.withLock { _ = $0.record(value) } }
}

let shared = ConcurrentLatencyHistogram(scale: 5)
let guarded = Guarded()

func contest(threads: Int) -> [Contest.Result] {
    var contest = Contest(operations: operations)
    let each = operations / threads
    contest.add("ConcurrentLatencyHistogram.record") {
        onThreads(threads) { _ in for index in 0..<each { shared.record(values[index & 4_095]) } }
    }
    contest.add("hdrhistogram-swift behind a Mutex") {
        onThreads(threads) { _ in for index in 0..<each { guarded.record(values[index & 4_095]) } }
    }
    if threads == 1 {
        contest.add("LatencyHistogram.record (a value, not shared)") {
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

print("| record() | threads | ns a record, median of \(rounds) | least | against ours |")
print("| --- | --: | --: | --: | --: |")
for threads in [1, 2] {
    let results = contest(threads: threads)
    let ours = results[0].median
    for result in results {
        let row = [
            result.name, "\(threads)", String(format: "%.1f", result.median), String(format: "%.1f", result.least),
            String(format: "%.2f ×", result.median / ours),
        ]
        print("| " + row.joined(separator: " | ") + " |")
    }
}
