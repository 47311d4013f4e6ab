import Testing

@testable import LoadTest

@Suite struct CalibrationTests {
    @Test("A calibrated run carries the generator's ceiling, noise and processor time")
    func calibrated() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        var options = try LoadOptions.test(server.url, requests: 50)
        options.calibrates = true
        let result = try await LoadRunner(options).run()
        server.stop()
        let calibration = try #require(result.calibration)
        #expect(calibration.ceiling > 100)
        #expect(calibration.cpuMicrosecondsPerRequest > 0)
        #expect(try #require(calibration.noise.p99) >= (try #require(calibration.noise.p50)))
        #expect(calibration.jitter.p50 != nil)
        #expect(TextReport(result).text.contains("generator: up to "))
    }

    @Test("A steady rise is a trend, noise is none")
    func trend() throws {
        let rising = try #require(Trend((0..<30).map { 100 + Double($0) * 5 + Double($0 % 3) }))
        #expect(rising.isCertain)
        #expect(rising.relativeChange > 0.5)
        let noise = try #require(Trend((0..<30).map { 100 + Double(($0 * 7919) % 31) }))
        #expect(!noise.isCertain)
        #expect(Trend([1, 2, 3]) == nil)
    }
}
