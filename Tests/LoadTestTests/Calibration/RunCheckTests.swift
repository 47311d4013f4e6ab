import LatencyHistogram
import Testing

@testable import LoadTest

/// The stamp on a run, from reports whose facts are made up.
@Suite struct RunCheckTests {
    /// Ten seconds of one loop with 10,000 responses of 10 ms.
    private func stamp(
        arrivals: Arrivals = .constant(rate: 1_000), cpuSeconds: Double = 1, waitSeconds: Double = 0,
        lagMilliseconds: Double = 0.1, ceiling: Double? = nil, noise: Double = 0.01, isQuiet: Bool = true,
        answers: Int = 10_000
    ) throws -> Validity {
        let plan = try RunPlan(
            target: Target("http://127.0.0.1:1"), scenarios: [.one], headers: [], arrivals: arrivals,
            limits: RunLimits(
                connections: 10, duration: 10_000_000_000, connectTimeout: 1, requestTimeout: 1, loops: 1),
            transport: TransportOptions())
        var tally = StepTally(start: 0)
        for index in 0..<answers { tally.latency.record(10_000_000, at: UInt64(index) * 1_000_000) }
        tally.answered = UInt64(answers)
        var lag = LatencyHistogram(scale: 7)
        lag.record(UInt64(lagMilliseconds * 1e6), count: 10_000)
        let report = LoopReport(
            tallies: [tally], lag: lag, connect: LatencyHistogram(scale: 7), connections: 10,
            cpuTime: UInt64(cpuSeconds * 1e9), processorWait: UInt64(waitSeconds * 1e9), start: 0,
            end: 10_000_000_000, peakUnderWay: 10)
        let generator = ceiling.map { CalibratedGenerator.made(ceiling: $0, noise: noise, isQuiet: isQuiet) }
        let check = RunCheck(plan: plan, report: report, generator: generator)
        return RunCheck.validity([check], wasInterrupted: false)
    }

    @Test func aLeisurelyRunIsValid() throws {
        #expect(try stamp().stamp == .valid)
        #expect(try stamp(ceiling: 100_000).stamp == .valid)
        // Late, but by little beside the latency or by little at all.
        #expect(try stamp(lagMilliseconds: 1.9).stamp == .valid)
        #expect(try stamp(lagMilliseconds: 4.9).stamp == .valid)
    }

    @Test func whatTheNumbersDoNotTellIsNoted() throws {
        #expect(try stamp(ceiling: 100_000).notes == [])
        #expect(
            try stamp().notes == ["not calibrated: what the generator itself adds to these numbers is not known"])
        #expect(try stamp(ceiling: 100_000, answers: 100).notes == [])
        #expect(
            try stamp(ceiling: 100_000, answers: 99).notes
                == ["one: 99 answers are too few for p99; what stands there is the slowest of them"])
        #expect(
            try stamp(ceiling: 100_000, answers: 19).notes
                == ["one: 19 answers are too few for p95 and p99; what stands there is the slowest of them"])
    }

    @Test func loopsThatNeverRestAreTheLimit() throws {
        let validity = try stamp(cpuSeconds: 9.5)
        #expect(validity.stamp == .generatorBound)
        #expect(validity.reasons == ["one: the generator's event loops were busy 95.0 % of the time"])
    }

    @Test func aCeilingCountsOnlyWhereTheLoopsAreBusy() throws {
        // A ceiling measured while the machine was busier says nothing against a run that hardly worked.
        #expect(try stamp(cpuSeconds: 3, ceiling: 900).stamp == .valid)
        #expect(try stamp(cpuSeconds: 8, ceiling: 1_050).stamp == .generatorBound)
        #expect(try stamp(cpuSeconds: 8, ceiling: 2_000).stamp == .valid)
    }

    @Test func latenessIsTheGeneratorsOrTheMachines() throws {
        let own = try stamp(lagMilliseconds: 6)
        #expect(own.stamp == .generatorBound)
        let machines = try stamp(waitSeconds: 1, lagMilliseconds: 6)
        #expect(machines.stamp == .unstable)
        #expect(
            machines.reasons.first?.hasSuffix(
                "the generator had work and no processor 10.0 % of the time: something else keeps the machine busy")
                == true)
        // Waiting for a processor does no harm as long as requests are sent on time.
        #expect(try stamp(waitSeconds: 1).stamp == .valid)
    }

    @Test func noiseThatIsMostOfAPercentileCondemns() throws {
        // The latency is 10 ms.
        #expect(try stamp(ceiling: 100_000, noise: 4.9).stamp == .valid)
        #expect(try stamp(ceiling: 100_000, noise: 4.9, isQuiet: false).stamp == .valid)
        let own = try stamp(ceiling: 100_000, noise: 6)
        #expect(own.stamp == .generatorBound)
        let listed = ["p50", "p95", "p99"].map { "6.00 of 10.00 ms at \($0)" }.joined(separator: ", ")
        #expect(
            own.reasons.map { $0.replacing("5.99", with: "6.00").replacing("9.99", with: "10.00") } == [
                "one: the generator's own noise is \(listed)"
            ])
        let machines = try stamp(ceiling: 100_000, noise: 12, isQuiet: false)
        #expect(machines.stamp == .unstable)
        #expect(
            machines.reasons.first?.hasSuffix("; it was calibrated while something else kept the machine busy") == true)
    }

    @Test func connectionsThatAreNotUsedAreLostTime() throws {
        // 1,000 a second of 10 ms fill ten connections exactly.
        #expect(try stamp(arrivals: .closed).stamp == .valid)
    }
}
