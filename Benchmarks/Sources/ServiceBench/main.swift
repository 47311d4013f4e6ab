// A service's throughput with the middleware against without: two processes of this program, driven in turn by wrk.
//
//   ServiceBench                   runs the comparison
//   ServiceBench serve PORT MODE   is the service, MODE plain or measured
import BenchSupport
import Foundation
import Hummingbird
import RequestMetrics

func serve(port: Int, measured: Bool) async throws {
    let router = Router()
    let recorder = RequestRecorder()
    if measured { router.add(middleware: RequestMetricsMiddleware(recorder)) }
    router.get("/permits/{id}") { _, context in "permit \(context.parameters.get("id") ?? "")\n" }
    var app = Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)))
    app.logger.logLevel = .error
    try await app.runService()
}

/// Runs a program to its end and gives what it printed.
func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
}

func startService(port: Int, mode: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments = ["serve", "\(port)", mode]
    try process.run()
    return process
}

func requestsPerSecond(port: Int, seconds: Int) throws -> Double {
    let text = try output(of: "wrk", ["-t1", "-c32", "-d\(seconds)s", "http://127.0.0.1:\(port)/permits/7"])
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Requests/sec:") }),
        let number = line.split(separator: " ").last.flatMap({ Double($0) })
    else { throw POSIXError(.EIO) }
    return number
}

func compare() throws {
    let plain = try startService(port: 18_471, mode: "plain")
    let measured = try startService(port: 18_472, mode: "measured")
    defer {
        plain.terminate()
        measured.terminate()
    }
    // wrk itself waits for neither; the first, uncounted round is also the wait for both to listen.
    var ready = false
    for _ in 0..<200 where !ready {
        ready = (try? requestsPerSecond(port: 18_472, seconds: 1)) ?? 0 > 0
    }
    _ = try requestsPerSecond(port: 18_471, seconds: 2)
    var plainRates: [Double] = []
    var measuredRates: [Double] = []
    var ratios: [Double] = []
    for _ in 0..<5 {
        // A B B A: a machine that speeds up or slows down does so for both.
        let first = try requestsPerSecond(port: 18_471, seconds: 3)
        let second = try requestsPerSecond(port: 18_472, seconds: 3)
        let third = try requestsPerSecond(port: 18_472, seconds: 3)
        let fourth = try requestsPerSecond(port: 18_471, seconds: 3)
        plainRates += [first, fourth]
        measuredRates += [second, third]
        ratios.append((second + third) / (first + fourth))
    }
    let table = MarkdownTable(
        "service, 32 connections", ">requests a second, median of 10", ">with ÷ without, median of 5")
    table.row("without the middleware", text(median(plainRates), 0), "")
    table.row("with the middleware", text(median(measuredRates), 0), text(median(ratios), 3))
}

let arguments = CommandLine.arguments
if arguments.count == 4, arguments[1] == "serve", let port = Int(arguments[2]) {
    try await serve(port: port, measured: arguments[3] == "measured")
} else {
    try compare()
}
