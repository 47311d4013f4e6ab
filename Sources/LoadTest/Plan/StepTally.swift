import LatencyHistogram

/// What one loop counts of one step. Only numbers and histograms: its size does not grow with the requests.
struct StepTally: Sendable {
    /// Histograms hold values to within 0.27 %.
    static let scale = 7

    /// From the moment a request was due to the last byte of its response.
    var latency: BlockSeries
    /// From writing a request to the last byte of its response.
    var service = LatencyHistogram(scale: Self.scale)
    /// From writing a request to the first byte of its response.
    var firstByte = LatencyHistogram(scale: Self.scale)
    /// Responses by the first digit of their status, 1 to 5; 0 for any other.
    var statusClasses = [UInt64](repeating: 0, count: 6)
    var errors = [UInt64](repeating: 0, count: ErrorKind.allCases.count)
    /// Complete responses.
    var answered: UInt64 = 0
    /// Requests written to a connection, also those sent a second time.
    var sent: UInt64 = 0
    /// Requests sent a second time because an old connection was closed before it answered.
    var repeated: UInt64 = 0
    var bytesReceived: UInt64 = 0
    var bytesSent: UInt64 = 0

    init(start: UInt64) {
        latency = BlockSeries(start: start)
    }

    mutating func countError(_ kind: ErrorKind) {
        errors[kind.index] += 1
    }

    var errorCount: UInt64 { errors.reduce(0, +) }

    /// Answered or failed.
    var finished: UInt64 {
        let answeredBadly =
            errors[ErrorKind.status.index] + errors[ErrorKind.text.index]
            + errors[ErrorKind.capture.index] + errors[ErrorKind.surplus.index]
        return answered + errorCount - answeredBadly
    }

    mutating func merge(_ other: StepTally) {
        latency.merge(other.latency)
        service.merge(other.service)
        firstByte.merge(other.firstByte)
        for index in statusClasses.indices { statusClasses[index] += other.statusClasses[index] }
        for index in errors.indices { errors[index] += other.errors[index] }
        answered += other.answered
        sent += other.sent
        repeated += other.repeated
        bytesReceived += other.bytesReceived
        bytesSent += other.bytesSent
    }
}
