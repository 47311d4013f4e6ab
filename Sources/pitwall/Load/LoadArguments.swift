import ArgumentParser
import Foundation
import LoadTest

/// The options that say what to push, how hard and for how long.
struct LoadArguments: ParsableArguments {
    @Option(help: ArgumentHelp("The target: http:// or https://, host, port and path.", valueName: "url"))
    var url = "http://127.0.0.1:8080"

    @Option(help: ArgumentHelp("Connect to this unix socket instead of the url's host.", valueName: "path"))
    var unixSocket: String?

    @Option(help: ArgumentHelp("Connections open at once.", valueName: "count"))
    var concurrency = 10

    @Option(help: ArgumentHelp("Seconds that each scenario runs.", valueName: "seconds"))
    var duration = 30.0

    @Option(help: ArgumentHelp("Requests that each scenario sends at most.", valueName: "count"))
    var requests: Int?

    @Option(
        help: ArgumentHelp(
            "all, health, search, demo, landing, sitemap, or a scenario file; repeatable.", valueName: "scenario"))
    var scenario: [String] = []

    @Option(help: ArgumentHelp("Open loop: requests a second, sent when they are due.", valueName: "rate"))
    var rate: Double?

    @Option(help: ArgumentHelp("How an open loop's requests are spaced: constant or poisson.", valueName: "kind"))
    var arrivals = ArrivalKind.constant

    @Option(help: ArgumentHelp("Seed of poisson arrivals.", valueName: "number"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("Seconds that a response may take.", valueName: "seconds"))
    var timeout = 10.0

    @Option(help: ArgumentHelp("Seconds that a connection may take.", valueName: "seconds"))
    var connectTimeout = 5.0

    @Option(help: ArgumentHelp("A header of every request, as 'Name: value'; repeatable.", valueName: "header"))
    var header: [String] = []

    @Option(help: ArgumentHelp("A cookie of every request, as name=value; repeatable.", valueName: "cookie"))
    var cookie: [String] = []

    @Option(help: ArgumentHelp("Send the bearer token in this environment variable.", valueName: "name"))
    var bearerEnv: String?

    @Option(
        help: ArgumentHelp(
            "Read the target's own times with the admin's token in this environment variable.", valueName: "name"))
    var adminTokenEnv: String?

    @Flag(name: .customLong("http2"), help: "Speak HTTP/2.")
    var http2 = false

    @Option(help: ArgumentHelp("Requests under way at once on an HTTP/2 connection.", valueName: "count"))
    var streams = 1

    @Flag(help: "Accept any certificate.")
    var insecure = false

    @Option(name: .customLong("ca"), help: ArgumentHelp("Trust the certificates in this PEM file.", valueName: "file"))
    var certificateAuthority: String?

    @Flag(name: .customLong("no-calibration"), help: "Do not measure the generator itself first.")
    var noCalibration = false

    /// How an open loop's requests are spaced.
    enum ArrivalKind: String, ExpressibleByArgument, CaseIterable {
        case constant
        case poisson
    }

    /// Checks the options.
    ///
    /// - Parameter first: The rate that a search for the limit begins with, where one is made.
    func options(searchingFrom first: Double? = nil) throws -> LoadOptions {
        try LoadOptions.Request(
            url: url, unixSocket: unixSocket, scenarios: scenario, concurrency: concurrency, duration: duration,
            requests: requests, rate: rate ?? first, isPoisson: arrivals == .poisson, seed: seed, timeout: timeout,
            connectTimeout: connectTimeout, headers: header, cookies: cookie, bearerVariable: bearerEnv,
            adminVariable: adminTokenEnv, usesHTTP2: http2, streams: streams, isInsecure: insecure,
            certificateAuthority: certificateAuthority,
            calibrates: !noCalibration
        ).options(environment: ProcessInfo.processInfo.environment)
    }
}
