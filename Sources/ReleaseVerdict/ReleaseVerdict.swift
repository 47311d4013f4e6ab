public import Foundation
public import LatencyComparison

/// Whether a service became slower with a release, route by route: the minutes before a mark against those after it.
///
/// ```swift
/// let verdict = try await ReleaseVerdict.read(mark: "deploy 1.4.2", from: store)
/// print(verdict.text)
/// ```
public struct ReleaseVerdict: Codable, Sendable, Hashable {
    /// The version of the verdict's schema.
    public var schemaVersion = 1
    /// The mark's name.
    public var mark: String
    /// When it was set.
    public var markedAt: Date
    /// All routes in one word: slower if any is, else undecided if any is, else faster if any is, else equivalent.
    public var verdict: ComparisonVerdict
    /// The minutes before.
    public var before: Side
    /// The minutes after.
    public var after: Side
    /// Relative differences up to this one do not matter.
    public var margin: Double
    /// How often an equal release is called slower or faster at most, over all routes and percentiles.
    public var falseAlarmRate: Double
    /// One route each: slower ones first, then undecided, faster and equivalent ones, the busiest first among equals.
    public var routes: [RouteVerdict]
    /// What to know about how the verdict came about; one sentence each.
    public var notes: [String]

    /// One side of the mark.
    public struct Side: Codable, Sendable, Hashable {
        /// The start of the first minute.
        public var from: Date
        /// The end of the last minute.
        public var to: Date
        /// How many minutes lie between.
        public var minutes: Int
    }

    /// One route's verdict.
    public struct RouteVerdict: Codable, Sendable, Hashable {
        /// The route's template, such as `/permits/{id}`.
        public var route: String
        /// The method.
        public var method: String
        /// All percentiles in one word.
        public var verdict: ComparisonVerdict
        /// One percentile each.
        public var metrics: [MetricComparison]
        /// The minutes before.
        public var before: Traffic
        /// The minutes after.
        public var after: Traffic
    }

    /// The requests of a route on one side.
    public struct Traffic: Codable, Sendable, Hashable {
        /// How many there were.
        public var requests: UInt64
        /// The share that ended with a status of 500 through 599, 0 through 1.
        public var errorRate: Double
        /// Minutes with at least one of them: the blocks of the comparison.
        public var minutes: Int
    }

    /// The command's exit status: 1 when a route became slower, else 0.
    public var exitStatus: Int32 { verdict == .slower ? 1 : 0 }

    /// The verdict as JSON with a line break at the end. Durations are nanoseconds, times ISO 8601.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}
