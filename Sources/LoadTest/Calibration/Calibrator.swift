/// Measures the generator itself.
enum Calibrator {
    static func calibration(for limits: RunLimits) async throws -> Calibration? { nil }
}
