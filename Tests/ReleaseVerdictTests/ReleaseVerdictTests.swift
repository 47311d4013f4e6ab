import Foundation
import LatencyComparison
import RequestMetrics
import Testing

@testable import ReleaseVerdict

@Suite struct ReleaseVerdictTests {
    private let later = ServiceHistory.noon.addingTimeInterval(3_600)

    @Test func aRouteThatBecameSlowerIsNamedWithSizeAndInterval() async throws {
        var history = try await ServiceHistory()
        try await history.add("/search", minutes: 0..<30)
        try await history.add("/permits/{id}", minutes: 0..<60, requests: 2_000)
        try await history.mark("deploy 1.4.2", minute: 30)
        try await history.add("/search", minutes: 30..<60, factor: 1.2)
        try await history.add("/admin/perf", minutes: 0..<60, surface: .dashboard)
        let verdict = try await ReleaseVerdict.read(mark: "deploy 1.4.2", from: history.store, now: later)
        #expect(verdict.verdict == .slower)
        #expect(verdict.exitStatus == 1)
        #expect(verdict.routes.map(\.route) == ["/search", "/permits/{id}"])
        #expect(verdict.routes.map(\.verdict) == [.slower, .equivalent])
        #expect(verdict.routes[0].before == .init(requests: 9_000, errorRate: 0, minutes: 30))
        // The first minute after the mark settles.
        #expect(verdict.routes[0].after.minutes == 28)
        let median = try #require(verdict.routes[0].metrics.first)
        let (change, low, high) = try (
            #require(median.change), #require(median.low), #require(median.high)
        )
        #expect(low < 0.2 && 0.2 < high && abs(change - 0.2) < 0.03)
        let lines = verdict.text.split(separator: "\n")
        #expect(lines[0].hasPrefix("Slower in 1 of 2 routes after 'deploy 1.4.2' (2026-01-01T12:30:00Z): 30 minutes"))
        #expect(lines[1].hasPrefix("  GET /search is "))
        #expect(lines[1].contains(" % slower at p"))
        try await history.end()
    }

    @Test func theSameServiceIsEquivalent() async throws {
        var history = try await ServiceHistory()
        try await history.add("/search", minutes: 0..<60, requests: 2_000)
        try await history.mark("deploy 1.4.2", minute: 30)
        let verdict = try await ReleaseVerdict.read(mark: "deploy 1.4.2", from: history.store, now: later)
        #expect(verdict.verdict == .equivalent)
        #expect(verdict.exitStatus == 0)
        #expect(verdict.text.hasPrefix("Equivalent within 5.0 % after 'deploy 1.4.2'"))
        try await history.end()
    }

    @Test func fewMinutesOrRequestsAreUndecidedAndSayWhy() async throws {
        var history = try await ServiceHistory()
        try await history.add("/search", minutes: 0..<34)
        try await history.add("/rare", minutes: 0..<60, requests: 1)
        try await history.mark("deploy 1.4.2", minute: 30)
        let verdict = try await ReleaseVerdict.read(mark: "deploy 1.4.2", from: history.store, now: later)
        #expect(verdict.verdict == .undecided)
        #expect(verdict.exitStatus == 0)
        #expect(verdict.text.hasPrefix("Undecided in 2 of 2 routes after"))
        #expect(verdict.text.contains("      3 blocks on one side; at least 6 are needed"))
        #expect(verdict.text.contains("undecided: 28 requests on one side; p99 needs at least 1000"))
        try await history.end()
    }

    @Test func aMarkWithNothingAroundItIsUndecided() async throws {
        let history = try await ServiceHistory()
        try await history.mark("deploy 1.4.2", minute: 30)
        let verdict = try await ReleaseVerdict.read(mark: "deploy 1.4.2", from: history.store, now: later)
        #expect(verdict.verdict == .undecided)
        #expect(verdict.text.hasPrefix("Undecided, nothing was requested after 'deploy 1.4.2'"))
        try await history.end()
    }

    @Test func theLatestMarkOfANameCountsAndErrorsAreTold() async throws {
        var history = try await ServiceHistory()
        try await history.mark("restart", minute: 5)
        try await history.add("/search", minutes: 0..<40)
        try await history.mark("restart", minute: 30)
        try await history.add("/search", minutes: 40..<60, status: 500)
        let verdict = try await ReleaseVerdict.read(mark: "restart", from: history.store, now: later)
        #expect(verdict.markedAt == ServiceHistory.noon.addingTimeInterval(1_800))
        #expect(verdict.before.minutes == 25)
        #expect(verdict.notes == ["the minutes before begin at the mark 'restart'"])
        #expect(verdict.routes[0].before.errorRate == 0)
        #expect(abs(verdict.routes[0].after.errorRate - 19.0 / 28) < 1e-9)
        #expect(verdict.text.contains("server errors 0.0 % before, 67.9 % after"))
        try await history.end()
    }

    @Test func anUnknownMarkSaysWhichThereAre() async throws {
        let history = try await ServiceHistory()
        await #expect(throws: UnknownMarkError(name: "deploy 2", known: [])) {
            try await ReleaseVerdict.read(mark: "deploy 2", from: history.store, now: later)
        }
        try await history.mark("deploy 1", minute: 1)
        await #expect(throws: UnknownMarkError(name: "deploy 2", known: ["deploy 1"])) {
            try await ReleaseVerdict.read(mark: " deploy 2\n", from: history.store, now: later)
        }
        let error = UnknownMarkError(name: "deploy 2", known: ["deploy 1"])
        #expect(error.description == "there is no mark 'deploy 2'; the latest are 'deploy 1'")
        try await history.end()
    }

    @Test("Forty releases that changed nothing raise no more false alarms than stated")
    func falseAlarms() async throws {
        var alarms = 0
        for seed in 0..<40 {
            var history = try await ServiceHistory(seed: UInt64(3_000 + seed))
            try await history.add("/search", minutes: 0..<24, requests: 60)
            try await history.mark("deploy", minute: 12)
            let verdict = try await ReleaseVerdict.read(mark: "deploy", from: history.store, now: later)
            if verdict.verdict == .slower || verdict.verdict == .faster { alarms += 1 }
            try await history.end()
        }
        print("ReleaseVerdictTests A/A false alarms: \(alarms) of 40, seeds 3000..<3040")
        #expect(alarms <= 4)
    }

    @Test func jsonHasEveryKey() async throws {
        var history = try await ServiceHistory()
        try await history.add("/search", minutes: 0..<60)
        try await history.mark("deploy 1.4.2", minute: 30)
        let verdict = try await ReleaseVerdict.read(mark: "deploy 1.4.2", from: history.store, now: later)
        let object = try #require(try JSONSerialization.jsonObject(with: verdict.json()) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "schema_version", "mark", "marked_at", "verdict", "before", "after", "margin", "false_alarm_rate",
                "routes", "notes",
            ])
        let route = try #require((object["routes"] as? [[String: Any]])?.first)
        #expect(Set(route.keys) == ["route", "method", "verdict", "metrics", "before", "after"])
        let side = try #require(route["before"] as? [String: Any])
        #expect(Set(side.keys) == ["requests", "error_rate", "minutes"])
        try await history.end()
    }
}
