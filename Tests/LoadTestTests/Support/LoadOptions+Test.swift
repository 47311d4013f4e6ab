import LoadTest

extension LoadOptions {
    /// A short run against a server of the test's own.
    static func test(
        _ url: String, requests: Int? = nil, concurrency: Int = 4, scenarios: [Scenario] = [.one]
    ) throws -> LoadOptions {
        var options = LoadOptions(target: try Target(url), scenarios: scenarios)
        options.concurrency = concurrency
        options.requests = requests
        // Long enough that the number of requests ends the run, however slow the machine is.
        options.duration = .seconds(60)
        options.requestTimeout = .seconds(60)
        options.connectTimeout = .seconds(30)
        options.calibrates = false
        return options
    }
}

extension Scenario {
    /// One request of the root.
    static let one = Scenario(name: "one", steps: [Step(path: "/")])
}
