import LatencyHistogram

/// What one event loop hands over when it is done.
struct LoopReport: Sendable {
    /// What a thread has used of the processors up to a moment. Taken on the thread itself.
    struct Usage {
        let cpuTime = MonotonicClock.threadTime()
        let processorWait = MonotonicClock.threadWait() ?? 0
    }

    /// One a request of the plan.
    var tallies: [StepTally]
    /// How much later than due requests were sent although a slot was free.
    var lag: LatencyHistogram
    /// How long connections took to make, encryption included.
    var connect: LatencyHistogram
    /// Connections made.
    var connections: UInt64
    /// Processor time of the loop's thread while requests were sent, in nanoseconds.
    var cpuTime: UInt64
    /// How long that thread was ready and had no processor, in nanoseconds; 0 where the system does not tell.
    var processorWait: UInt64
    /// When the first request could be sent, and when the last one ended or the schedule did, whichever is later.
    var start: UInt64
    var end: UInt64
    /// The most requests that were under way at once.
    var peakUnderWay: Int
    /// Why a connection came to nothing before its first request; of several reasons the first.
    var handshakeFailure: HandshakeFailure?
    /// How many streams the target takes at once on a connection, where that is fewer than asked for.
    var streamLimit: Int?

    /// Puts the reports of a run's loops together.
    static func merged(_ reports: [LoopReport]) -> LoopReport? {
        guard var total = reports.first else { return nil }
        for report in reports.dropFirst() {
            for index in total.tallies.indices { total.tallies[index].merge(report.tallies[index]) }
            total.lag.merge(report.lag)
            total.connect.merge(report.connect)
            total.connections += report.connections
            total.cpuTime += report.cpuTime
            total.processorWait += report.processorWait
            total.start = min(total.start, report.start)
            total.end = max(total.end, report.end)
            total.peakUnderWay += report.peakUnderWay
            total.streamLimit = [total.streamLimit, report.streamLimit].compactMap(\.self).min()
            total.handshakeFailure = total.handshakeFailure ?? report.handshakeFailure
        }
        return total
    }
}
