import Foundation
import LatencyHistogram
import RequestMetrics

struct SlotJSON: Encodable {
    let start: String
    let seconds: Double
    let alive: Bool
    let requests: UInt64
    let serverErrors: UInt64
    @Nullable var p50Ms: Double?
    @Nullable var p95Ms: Double?
    @Nullable var p99Ms: Double?

    init(_ slot: TimeSlot) {
        start = slot.start.rfc3339
        seconds = slot.duration
        alive = slot.isAlive
        requests = slot.histogram.count
        serverErrors = slot.serverErrors
        p50Ms = Percentile(0.5, of: slot.histogram).roundedMilliseconds
        p95Ms = Percentile(0.95, of: slot.histogram).roundedMilliseconds
        p99Ms = Percentile(0.99, of: slot.histogram).roundedMilliseconds
    }
}

struct MarkJSON: Encodable {
    let name: String
    let at: String
}

/// What measuring costs, as the foot of the page has it.
struct OverheadJSON: Encodable {
    @Nullable var nanosecondsPerRequest: Double?
    let recorded: UInt64
    let drained: UInt64
    let pending: UInt64
    let droppedExamples: UInt64
    let storeErrors: UInt64

    init(_ recorder: RecorderStatistics) {
        nanosecondsPerRequest = recorder.nanosecondsPerRequest
        recorded = recorder.recorded
        drained = recorder.drained
        pending = recorder.pending
        droppedExamples = recorder.droppedRows
        storeErrors = recorder.storeErrors
    }
}

/// A value whose key is there even when it has none, as `null`: a reader need not tell missing from empty.
@propertyWrapper
struct Nullable: Encodable {
    var wrappedValue: Double?

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}

extension Percentile {
    var roundedMilliseconds: Double? { milliseconds?.rounded(to: 6) }
}

extension Double {
    func rounded(to decimals: Int) -> Double {
        let factor = pow(10, Double(decimals))
        return (self * factor).rounded() / factor
    }
}

extension Date {
    /// RFC 3339 in UTC, to the second: `2026-11-23T13:05:22Z`.
    var rfc3339: String { formatted(.iso8601) }
}
