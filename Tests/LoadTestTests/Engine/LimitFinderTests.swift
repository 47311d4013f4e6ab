import Testing

@testable import LoadTest

@Suite struct LimitFinderTests {
    @Test(
        "The search doubles, then halves, and ends within five per cent", arguments: [10.0, 10.4, 37, 500, 999, 40_000])
    func search(limit: Double) throws {
        var search = RateSearch(bounds: 10...100_000, precision: 0.05)
        var tries = 0
        while let rate = search.next {
            tries += 1
            search.report(rate <= limit)
            try #require(tries < 40)
        }
        let met = try #require(search.highestMet)
        #expect(met <= limit)
        #expect(try #require(search.lowestMissed) > limit)
        #expect(met > limit * 0.9)
    }

    @Test("Both ends of the bounds are answers")
    func ends() {
        var low = RateSearch(bounds: 10...100, precision: 0.05)
        low.report(false)
        #expect(low.next == nil)
        #expect(low.highestMet == nil)
        var high = RateSearch(bounds: 10...100, precision: 0.05)
        while high.next != nil { high.report(true) }
        #expect(high.highestMet == 100)
        #expect(high.lowestMissed == nil)
    }

    @Test("A server that bears a hundred a second is found out")
    func finds() async throws {
        // One connection and 10 ms a request: at most a hundred a second. The search ends long before its time is over.
        let server = try ScriptedServer { _ in [.pause(milliseconds: 10), .ok()] }
        var options = try LoadOptions.test(server.url, concurrency: 1)
        options.duration = .seconds(120)
        let result = try await LimitFinder(options, goals: [try Goal("errors<1%")], within: 50...400).run()
        server.stop()
        let limit = try #require(result.limits?.first)
        #expect((limit.rate ?? 0) <= 100)
        #expect(limit.missedAt != nil)
        #expect(!limit.curve.isEmpty)
        #expect(TextReport(result).text.contains("one: errors<1% "))
    }

    @Test("A search whose time is over before the limit is known says so")
    func endsWithItsTime() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        var options = try LoadOptions.test(server.url, concurrency: 1)
        options.duration = .milliseconds(100)
        let result = try await LimitFinder(options, goals: [try Goal("errors<100%")], within: 5...4_000).run()
        server.stop()
        #expect(result.limits?.first?.curve.count == 1)
        #expect(result.validity.notes.contains { $0.hasSuffix("known within 5.0 %; a longer --duration narrows it") })
    }

    @Test("What an earlier run has calibrated counts for the next of the same shape")
    func keepsCalibration() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let options = try LoadOptions.test(server.url, requests: 5, concurrency: 1)
        let note = "not calibrated: what the generator itself adds to these numbers is not known"
        let before = try await LoadRunner(options).run()
        #expect(before.validity.notes.contains(note))
        var runner = LoadRunner(options)
        runner.knownGenerator = .made(connections: 1)
        let after = try await runner.run()
        #expect(after.calibration?.ceiling == 10_000)
        #expect(!after.validity.notes.contains(note))
        runner.knownGenerator = .made(connections: 2)
        let other = try await runner.run()
        server.stop()
        #expect(other.calibration == nil)
    }

    /// A search of one rate with a goal that nothing meets.
    private func search(_ goal: String, _ generator: CalibratedGenerator) async throws -> (LoadResult, requests: Int) {
        // Slow enough that what a busy machine adds is little beside it.
        let server = try ScriptedServer { _ in [.pause(milliseconds: 300), .ok()] }
        var options = try LoadOptions.test(server.url, requests: 5, concurrency: 1)
        options.duration = .seconds(60)
        var finder = LimitFinder(options, goals: [try Goal(goal)], within: 50...50)
        finder.knownGenerator = generator
        let result = try await finder.run()
        server.stop()
        return (result, server.count.received)
    }

    @Test("A rate that is missed while the machine hid the target is tried again, and is no limit")
    func unclear() async throws {
        let (result, requests) = try await search("p99<0.0001us", .made(noise: 60_000, isQuiet: false))
        #expect(requests == 10)
        let limit = try #require(result.limits?.first)
        #expect(limit.rate == nil)
        #expect(limit.missedAt == nil)
        #expect(limit.unclear?.rate == 50)
        #expect(!limit.isGeneratorBound)
        #expect(limit.exitStatus == 69)
        #expect(
            limit.sentence.hasPrefix(
                "one: whether p99<0.0001us holds is not known at 50.0: one: the generator's own noise is 60000.00 of "))
        #expect(limit.sentence.hasSuffix("; it was calibrated while something else kept the machine busy"))
        #expect(
            result.validity.notes.contains { $0.hasPrefix("calibrated while something else kept the machine busy") })
    }

    @Test("What the generator itself hides is told as its doing")
    func generatorBound() async throws {
        let (result, requests) = try await search("p99<0.0001us", .made(noise: 60_000, isQuiet: true))
        #expect(requests == 10)
        #expect(result.limits?.first?.isGeneratorBound == true)
        #expect(result.limits?.first?.missedAt == nil)
    }

    @Test("A rate that is missed by the target alone is the limit at once; one that is met needs no quiet machine")
    func clear() async throws {
        let (missed, requests) = try await search("p99<0.0001us", .made(noise: 0.001, isQuiet: false))
        #expect(requests == 5)
        #expect(missed.limits?.first?.missedAt == 50)
        #expect(missed.limits?.first?.exitStatus == 1)
        #expect(missed.limits?.first?.sentence == "one: p99<0.0001us is missed even at 50.0 requests/s")
        let (met, _) = try await search("p99<600s", .made(noise: 60_000, isQuiet: false))
        #expect(met.limits?.first?.rate == 50)
        #expect(
            met.limits?.first?.sentence == "one: p99<600s holds up to 50.0 requests/s, not missed at any rate tried")
    }

    @Test("A target that answers nothing from the start has no limit, but a fault")
    func answersNothing() async throws {
        let server = try ScriptedServer { _ in [.close] }
        let options = try LoadOptions.test(server.url, requests: 5, concurrency: 1)
        let result = try await LimitFinder(options, goals: [try Goal("errors<1%")], within: 50...100).run()
        server.stop()
        #expect(result.limits?.first?.exitStatus == 69)
        #expect(
            result.limits?.first?.sentence
                == "one: whether errors<1% holds is not known at 50.0: every request failed, so nothing was measured")
    }

    @Test("A search that was interrupted in its first rate knows nothing")
    func interrupted() async throws {
        let interruption = Interruption()
        let server = try ScriptedServer { _ in
            interruption.raise()
            return [.ok()]
        }
        let options = try LoadOptions.test(server.url, concurrency: 1)
        let result = try await LimitFinder(
            options, goals: [try Goal("p99<600s")], within: 50...50, interruption: interruption
        ).run()
        server.stop()
        let limit = try #require(result.limits?.first)
        #expect(limit.exitStatus == 69)
        #expect(limit.sentence == "one: whether p99<600s holds is not known: no rate was tried to its end")
    }

    @Test("Bounds that are none say so")
    func bounds() throws {
        #expect(try RampBounds.parse("10:500") == 10...500)
        for text in ["", "5", "5:4", "0:5", "a:b", "1:2:3"] {
            let error = #expect(throws: UsageError.self) { try RampBounds.parse(text) }
            #expect(error?.description == "--ramp \(text) is no pair of rates; write one like 10:5000, at most 1000000")
        }
    }
}
