import LatencyHistogram

@testable import LoadTest

extension CalibrationShape {
    static func made(_ wire: WireProtocol = .http1, connections: Int = 1) -> Self {
        CalibrationShape(
            wire: wire, isUnixSocket: false, connections: connections, streamsPerConnection: 1, eventLoops: 1)
    }
}

extension Calibration {
    /// - Parameter noise: The same in each percentile, in milliseconds.
    static func made(ceiling: Double = 10_000, noise: Double = 0.01) -> Self {
        var histogram = LatencyHistogram(scale: 7)
        histogram.record(UInt64(noise * 1e6), count: 100)
        return Calibration(
            ceiling: ceiling, cpuMicrosecondsPerRequest: 1, jitter: LatencySummary(histogram),
            noise: LatencySummary(histogram))
    }
}

extension CalibratedGenerator {
    static func made(
        connections: Int = 1, ceiling: Double = 10_000, noise: Double = 0.01, isQuiet: Bool = true
    ) -> Self {
        CalibratedGenerator(
            shape: .made(connections: connections), calibration: .made(ceiling: ceiling, noise: noise), isQuiet: isQuiet
        )
    }
}
