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

    @Test("Bounds that are none say so")
    func bounds() throws {
        #expect(try RampBounds.parse("10:500") == 10...500)
        for text in ["", "5", "5:4", "0:5", "a:b", "1:2:3"] {
            let error = #expect(throws: UsageError.self) { try RampBounds.parse(text) }
            #expect(error?.description == "--ramp \(text) is no pair of rates; write one like 10:5000, at most 1000000")
        }
    }
}
