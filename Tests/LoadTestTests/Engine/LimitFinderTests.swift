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

    @Test("What an earlier run has calibrated counts for the next")
    func keepsCalibration() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let options = try LoadOptions.test(server.url, requests: 5, concurrency: 1)
        let note = "not calibrated: what the generator itself adds to these numbers is not known"
        let before = try await LoadRunner(options).run()
        #expect(before.validity.notes.contains(note))
        var runner = LoadRunner(options)
        runner.knownCalibration = try await Calibrator.calibration(for: options.limits(cores: 1)).calibration
        let after = try await runner.run()
        server.stop()
        #expect(after.calibration != nil)
        #expect(!after.validity.notes.contains(note))
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
