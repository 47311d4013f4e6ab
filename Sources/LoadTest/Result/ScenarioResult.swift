public import LatencyHistogram

/// What one scenario measured.
public struct ScenarioResult: Sendable, Hashable {
    /// The scenario's name.
    public var scenario: String
    /// From the moment a request was due to the last byte of its response. Time-outs and requests that were due and
    /// never sent are in it with the time they waited; requests that failed at once are not.
    public var latency: LatencySummary
    /// Requests that ended: answered or failed.
    public var count: UInt64
    /// Requests that failed, for whatever reason.
    public var errorCount: UInt64
    /// Responses a second over ``durationSeconds``.
    public var requestsPerSecond: Double
    /// From the common start to the last request's end, or to the schedule's where that is later.
    public var durationSeconds: Double
    /// Complete responses, whatever their status.
    public var answered: UInt64
    /// Requests written, those sent a second time included.
    public var sent: UInt64
    /// Requests sent a second time because an old connection was closed before it answered.
    public var repeated: UInt64
    /// Bytes of responses, heads included.
    public var bytesReceived: UInt64
    /// Bytes of requests, heads included.
    public var bytesSent: UInt64
    /// Responses by class: `1xx` to `5xx`, `other`. Classes without responses are left out.
    public var statusClasses: [String: UInt64]
    /// Failed requests by ``ErrorKind``. Kinds without failures are left out.
    public var errors: [String: UInt64]
    /// From writing a request to the last byte of its response, whatever it waited before.
    public var service: LatencySummary
    /// From writing a request to the first byte of its response.
    public var firstByte: LatencySummary
    /// From opening a connection to its being ready, encryption included.
    public var connect: LatencySummary
    /// How much later than due requests were sent although a connection was free: the generator's own lateness.
    public var scheduleLag: LatencySummary
    /// Steps of their own, for scenarios with more than one.
    public var steps: [StepResult]
    /// The latencies themselves, over the whole run.
    public var histogram: LatencyHistogram
    /// The latencies themselves, second by second.
    public var blocks: LatencyBlocks
}

extension ScenarioResult {
    /// What to say where not one request of a run was answered as it should be; `nil` where one was.
    static func failure(of scenarios: [ScenarioResult]) -> String? {
        guard scenarios.allSatisfy({ $0.count == $0.errorCount }) else { return nil }
        guard scenarios.contains(where: { $0.count > 0 }) else { return "no request was made, so nothing was measured" }
        return scenarios.contains { $0.answered > 0 }
            ? "every request failed: what was measured is how the target fails"
            : "every request failed, so nothing was measured"
    }
}

/// What one step of a scenario measured.
public struct StepResult: Codable, Sendable, Hashable {
    /// The step's name.
    public var step: String
    /// Latency as in ``ScenarioResult/latency``.
    public var latency: LatencySummary
    /// Requests that ended.
    public var count: UInt64
    /// Requests that failed.
    public var errorCount: UInt64
}

/// Latencies in blocks of equal time, in order. The unit of every comparison.
public struct LatencyBlocks: Sendable, Hashable {
    /// Seconds a block, at least 1.
    public var seconds: Double
    /// One histogram a block.
    public var histograms: [LatencyHistogram]
    /// Failed requests in each block.
    public var errors: [UInt64]

    /// The blocks that lie wholly inside a run of so many seconds.
    func whole(in duration: Double) -> LatencyBlocks {
        let count = Int((duration / seconds + 0.001).rounded(.down))
        return LatencyBlocks(
            seconds: seconds, histograms: Array(histograms.prefix(count)), errors: Array(errors.prefix(count)))
    }
}
