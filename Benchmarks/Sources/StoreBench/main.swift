// The 24 h dashboard and the bytes it needs, against plain SQL over raw rows in SQLite: the same kind of day, stored both
// ways.
//
//   StoreBench [MILLIONS …]     1 and 10 when not said
import BenchSupport
import Foundation
import GRDB
import PerfDashboard
import RequestMetrics

func bytes(_ path: String) -> Int {
    ["", "-wal"].reduce(0) { sum, suffix in
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
        return sum + (attributes?[.size] as? Int ?? 0)
    }
}

func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

func run() async throws {
    let asked = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pitwall-storebench-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let clock = ContinuousClock()
    let now = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 / 60).rounded(.down) * 60)

    let table = MarkdownTable(
        "a day of 60 routes", ">24 h report, ms (median of 5)", ">plain SQL, ms", ">SQL ÷ ours", ">bytes stored",
        ">raw rows, bytes", ">ours ÷ raw")
    for millions in asked.isEmpty ? [1, 10] : asked {
        let day = DayOfTraffic(requests: millions * 1_000_000, endingAt: now)
        let ours = folder.appendingPathComponent("ours-\(millions).sqlite").path
        let raw = folder.appendingPathComponent("raw-\(millions).sqlite").path
        let store = try await storeHistograms(day, at: ours)
        let database = try storeRows(day, at: raw)

        var reports: [Double] = []
        var requests: UInt64 = 0
        for _ in 0..<5 {
            let took = try await clock.measure {
                let report = try await PerfReport.read(window: .day, from: store, at: now)
                _ = report.rendered(as: .html)
                requests = report.totals.requests
            }
            reports.append(milliseconds(took))
        }
        let sql = try clock.measure {
            let rows = try database.read {
                try Row.fetchAll($0, sql: plainSQL, arguments: [now.addingTimeInterval(-86_400)])
            }
            precondition(rows.count == 60)
        }
        // The log beside the file goes into it when the last connection closes.
        try await store.close()
        try database.close()
        let ourMedian = median(reports)
        table.row(
            "\(requests) requests", text(ourMedian), text(milliseconds(sql), 0),
            text(milliseconds(sql) / ourMedian, 0) + " ×", "\(bytes(ours))", "\(bytes(raw))",
            "1/" + text(Double(bytes(raw)) / Double(bytes(ours)), 0))
    }
}

try await run()
