import Foundation
import RequestMetrics

/// A report as `/admin/perf.json`.
///
/// Names with `_ms` are milliseconds, rates are shares from 0 through 1. A percentile is `null` with fewer than ten
/// requests; `precision` holds how far each can be trusted.
struct JSONReport: Encodable {
    let window: String
    let from: String
    let to: String
    let madeAt: String
    let estimated: Bool
    let verdict: VerdictJSON
    let totals: TotalsJSON
    let before: TotalsJSON
    let slowest: [RouteJSON]
    let byTotalTime: [RouteJSON]
    let volumeWindow = PerfWindow.day.rawValue
    let volume: [VolumeJSON]
    let timeline: [SlotJSON]
    let marks: [MarkJSON]
    let dashboard: TotalsJSON
    let overhead: OverheadJSON?
    let instance: String?
    let instances: [String]
    let pool: PoolJSON?

    init(_ report: PerfReport) {
        window = report.window.rawValue
        from = report.interval.lowerBound.rfc3339
        to = report.interval.upperBound.rfc3339
        madeAt = report.madeAt.rfc3339
        estimated = report.isEstimated
        verdict = VerdictJSON(report.verdict)
        totals = TotalsJSON(report.totals, rate: report.rate)
        before = TotalsJSON(report.totalsBefore, rate: nil)
        slowest = report.slowest().map(RouteJSON.init)
        byTotalTime = report.slowest(by: .totalTime).map(RouteJSON.init)
        let day = report.volume.reduce(UInt64(0)) { $0 + $1.now.requests }
        volume = report.volume.map { VolumeJSON($0, of: day) }
        timeline = report.timeline.map(SlotJSON.init)
        marks = report.marks.map { MarkJSON(name: $0.name, at: $0.at.rfc3339) }
        dashboard = TotalsJSON(report.dashboard, rate: nil)
        overhead = report.recorder.map(OverheadJSON.init)
        instance = report.instance
        instances = report.instances.keys.sorted()
        pool = report.pool.map(PoolJSON.init)
    }

    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // Nothing here can fail to encode: all numbers are finite by construction.
        guard let data = try? encoder.encode(self) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}

/// What the verdict says, for programs.
struct VerdictJSON: Encodable {
    let outcome: String
    let sentence: String
    let regressions: [RouteJSON]

    init(_ verdict: Verdict) {
        outcome = verdict.outcome.rawValue
        sentence = verdict.sentence
        regressions = verdict.regressions.map(RouteJSON.init)
    }
}

/// How far a percentile can be trusted.
struct PrecisionJSON: Encodable {
    let quality: String
    let requests: UInt64
    let bucketError: Double
    @Nullable var lowMs: Double?
    @Nullable var highMs: Double?

    init(_ percentile: Percentile) {
        quality = percentile.quality.rawValue
        requests = percentile.count
        bucketError = percentile.bucketError.rounded(to: 6)
        lowMs = percentile.range.map { ($0.lowerBound / 1e6).rounded(to: 6) }
        highMs = percentile.range.map { ($0.upperBound / 1e6).rounded(to: 6) }
    }
}

struct TotalsJSON: Encodable {
    let requests: UInt64
    @Nullable var p50Ms: Double?
    @Nullable var p95Ms: Double?
    @Nullable var p99Ms: Double?
    @Nullable var avgMs: Double?
    let errorRate: Double
    let clientErrorRate: Double
    @Nullable var ratePerSecond: Double?
    let precision: [String: PrecisionJSON]

    init(_ figures: Figures, rate: Double?) {
        requests = figures.requests
        p50Ms = figures.p50.roundedMilliseconds
        p95Ms = figures.p95.roundedMilliseconds
        p99Ms = figures.p99.roundedMilliseconds
        avgMs = figures.average.map { ($0 / 1e6).rounded(to: 6) }
        errorRate = figures.errorRate
        clientErrorRate = figures.clientErrorRate
        ratePerSecond = rate?.rounded(to: 6)
        precision = ["p50": figures.p50, "p95": figures.p95, "p99": figures.p99].mapValues(PrecisionJSON.init)
    }
}

struct RouteJSON: Encodable {
    let route: String
    let method: String
    let requests: UInt64
    @Nullable var avgMs: Double?
    @Nullable var p95Ms: Double?
    @Nullable var p99Ms: Double?
    @Nullable var p95MsBefore: Double?
    let totalMs: Double
    let errorRate: Double
    let trend: String

    init(_ figures: RouteFigures) {
        route = figures.route
        method = figures.method
        requests = figures.now.requests
        avgMs = figures.now.average.map { ($0 / 1e6).rounded(to: 6) }
        p95Ms = figures.now.p95.roundedMilliseconds
        p99Ms = figures.now.p99.roundedMilliseconds
        p95MsBefore = figures.before.p95.roundedMilliseconds
        totalMs = (Double(figures.now.totalTime) / 1e6).rounded(to: 6)
        errorRate = figures.now.errorRate
        trend = figures.change.trend.rawValue
    }
}

struct VolumeJSON: Encodable {
    let route: String
    let method: String
    let requests: UInt64
    let share: Double
    let errorRate: Double

    init(_ figures: RouteFigures, of all: UInt64) {
        route = figures.route
        method = figures.method
        requests = figures.now.requests
        share = (Double(figures.now.requests) / Double(max(1, all))).rounded(to: 6)
        errorRate = figures.now.errorRate
    }
}
