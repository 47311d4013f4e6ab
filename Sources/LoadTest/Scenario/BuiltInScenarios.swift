extension Scenario {
    /// The scenarios that need no file, in the order in which `all` runs them.
    public static let builtIn: [Scenario] = [
        Scenario(name: "health", steps: [Step(path: "/health")]),
        Scenario(name: "search", steps: [Step(path: "/search?q=valencia")]),
        Scenario(name: "demo", steps: [Step(path: "/demo")]),
        Scenario(name: "landing", steps: [Step(path: "/")]),
        Scenario(name: "sitemap", steps: [Step(path: "/sitemap.xml")]),
    ]
}
