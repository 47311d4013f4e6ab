// What counting a request costs: with the series at hand, and with its look-up by route, method and status; and what a
// thousand routes cost in memory.
import BenchSupport
import Foundation
import RequestMetrics

// As a host writes them: literals, which nobody counts references to.
let routes = [
    "/permits", "/permits/{id}", "/permits/{id}/files", "/permits/{id}/history", "/search", "/demo", "/sitemap.xml",
    "/health", "/users", "/users/{id}", "/users/{id}/settings", "/orders", "/orders/{id}", "/orders/{id}/items",
    "/orders/{id}/items/{item}", "/invoices", "/invoices/{id}", "/invoices/{id}/pdf", "/carts/{id}",
    "/carts/{id}/items", "/api/v1/permits", "/api/v1/permits/{id}", "/api/v1/permits/{id}/files",
    "/api/v1/permits/{id}/history", "/api/v1/search", "/api/v1/demo", "/api/v1/sitemap.xml", "/api/v1/health",
    "/api/v1/users", "/api/v1/users/{id}", "/api/v1/users/{id}/settings", "/api/v1/orders", "/api/v1/orders/{id}",
    "/api/v1/orders/{id}/items", "/api/v1/orders/{id}/items/{item}", "/api/v1/invoices", "/api/v1/invoices/{id}",
    "/api/v1/invoices/{id}/pdf", "/api/v1/carts/{id}", "/api/v1/carts/{id}/items", "/api/v2/permits",
    "/api/v2/permits/{id}", "/api/v2/permits/{id}/files", "/api/v2/permits/{id}/history", "/api/v2/search",
    "/api/v2/demo", "/api/v2/sitemap.xml", "/api/v2/health", "/api/v2/users", "/api/v2/users/{id}",
    "/api/v2/users/{id}/settings", "/api/v2/orders", "/api/v2/orders/{id}", "/api/v2/orders/{id}/items",
    "/api/v2/orders/{id}/items/{item}", "/api/v2/invoices", "/api/v2/invoices/{id}", "/api/v2/invoices/{id}/pdf",
    "/api/v2/carts/{id}", "/api/v2/carts/{id}/items",
]

func contest(threads: Int, operations: Int, rounds: Int) -> [Contest.Result] {
    let recorder = RequestRecorder()
    let series = routes.map { recorder.series(route: $0, method: "GET", status: 200) }
    let each = operations / threads
    var contest = Contest(operations: operations)
    contest.add("with the series at hand") {
        onThreads(threads) { _ in
            // A host that keeps a series uses it again and again; going through an array would count references.
            let one = series[7]
            for index in 0..<each { one.record(nanoseconds: UInt64(1_000_000 + index & 0xFFFFF)) }
        }
    }
    contest.add("with look-up") {
        onThreads(threads) { _ in
            for index in 0..<each {
                recorder.record(
                    route: routes[index % 60], method: "GET", status: 200,
                    nanoseconds: UInt64(1_000_000 + index & 0xFFFFF))
            }
        }
    }
    return contest.run(rounds: rounds)
}

/// Resident memory of this process in bytes.
func residentBytes() -> Int {
    let statistics = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = statistics.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}

func run() {
    let table = MarkdownTable("RequestRecorder.record()", ">threads", ">ns a request, median of 9", ">least")
    for threads in [1, 2] {
        for result in contest(threads: threads, operations: 2_000_000, rounds: 9) {
            table.row(result.name, "\(threads)", text(result.median), text(result.least))
        }
    }
    print("")

    // An hour of a thousand requests a second over a thousand routes, two statuses each.
    let before = residentBytes()
    let recorder = RequestRecorder()
    let names = (0..<1_000).map { "/route-\($0)/{id}" }
    onThreads(2) { thread in
        for index in 0..<1_800_000 {
            let spread = exp(Double(index % 997) / 997 * 5)
            recorder.record(
                route: names[(index &* 7 + thread) % 1_000], method: "GET", status: index % 50 == 0 ? 404 : 200,
                nanoseconds: UInt64(spread * 1e6))
        }
    }
    let memory = MarkdownTable("memory", ">routes", ">series", ">requests", ">resident MB more than before")
    memory.row(
        "an hour at 1,000 requests a second", "1000", "\(recorder.statistics.series)",
        "\(recorder.statistics.recorded)", text(Double(residentBytes() - before) / 1e6))
}

run()
