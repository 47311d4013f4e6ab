import Foundation
import LatencyHistogram
import RequestMetrics
import Testing

/// `pitwall verdict` as a roll-back hook would run it.
@Suite struct VerdictTests {
    /// Twenty minutes of a service on both sides of a mark set twenty-one minutes ago.
    private func write(_ file: URL, factorAfter: Double) async throws {
        let store = SQLiteStore(path: file.path)
        try await store.migrate()
        let marked = Date(timeIntervalSinceNow: -21 * 60)
        for minute in -20..<20 {
            let start = Resolution.minute.start(of: marked).addingTimeInterval(Double(minute) * 60)
            var histogram = LatencyHistogram()
            // The same latencies in each minute, but for a little that differs from minute to minute.
            for step in 1...1_000 {
                let shape = 10e6 + 40e6 * Double(step) / 1_000 + Double(abs(minute) % 3) * 1e4
                histogram.record(UInt64(shape * (minute >= 0 ? factorAfter : 1)))
            }
            try await store.write(
                MetricsBatch(
                    instance: "a", sequence: UInt64(minute + 21), interval: start..<start.addingTimeInterval(60),
                    series: [
                        SeriesDelta(
                            key: SeriesKey(route: "/search", method: "GET", status: 200), start: start,
                            histogram: histogram)
                    ]))
        }
        try await store.addMark(ReleaseMark(name: "deploy 1.4.2", at: marked))
        try await store.close()
    }

    @Test func exitStatuses() async throws {
        try await withTemporaryFolder { folder in
            try await write(folder.appending(path: "slower.sqlite"), factorAfter: 1.2)
            try await write(folder.appending(path: "same.sqlite"), factorAfter: 1)
            func verdict(_ arguments: String...) async throws -> Command.Result {
                try await Command.run(["verdict"] + arguments, in: folder)
            }
            let slower = try await verdict("--mark", "deploy 1.4.2", "--database-url", "sqlite:slower.sqlite")
            #expect(slower.status == 1)
            #expect(slower.output.hasPrefix("Slower in 1 of 1 route after 'deploy 1.4.2'"))
            #expect(slower.output.contains("GET /search is 2"))
            #expect(slower.errors == "")

            let same = try await verdict("--mark", "deploy 1.4.2", "--database-url", "sqlite:same.sqlite", "--json")
            #expect(same.status == 0)
            let object = try JSONSerialization.jsonObject(with: Data(same.output.utf8)) as? [String: Any]
            #expect(object?["verdict"] as? String == "equivalent")

            let few = try await verdict(
                "--mark", "deploy 1.4.2", "--window", "3", "--database-url", "sqlite:slower.sqlite")
            #expect(few.status == 0)
            #expect(few.output.hasPrefix("Undecided in 1 of 1 route after 'deploy 1.4.2'"))

            let unknown = try await verdict("--mark", "deploy 9", "--database-url", "sqlite:same.sqlite")
            #expect(unknown.status == 65)
            #expect(unknown.errors == "pitwall: there is no mark 'deploy 9'; the latest are 'deploy 1.4.2'\n")
            let missing = try await verdict("--mark", "deploy 1.4.2", "--database-url", "sqlite:none.sqlite")
            #expect(missing.status == 69)
            #expect(missing.errors.contains("there is no such file"))
            #expect(try await verdict("--mark", "x", "--window", "0").status == 64)
            #expect(try await verdict("--mark", "x", "--margin", "100").status == 64)
            #expect(try await verdict("--mark", "x", "--settle", "-1").status == 64)
            #expect(try await verdict().status == 64)
            #expect(try await verdict("--mark", "x", "--database-url", "ftp:x").status == 64)
        }
    }
}
