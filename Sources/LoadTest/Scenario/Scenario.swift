/// What one user does: steps that follow each other, again and again.
public struct Scenario: Sendable, Hashable {
    /// The key of the scenario in results and goals.
    public var name: String
    /// How often this scenario is begun, in relation to the weights of the others in a mix. At least 1.
    public var weight: Int
    /// What is requested, in order. At least one step.
    public var steps: [Step]
    /// Rows of values; each round of the steps takes the next.
    public var data: Dataset?

    /// Makes a scenario.
    public init(name: String, weight: Int = 1, steps: [Step], data: Dataset? = nil) {
        self.name = name
        self.weight = weight
        self.steps = steps
        self.data = data
    }
}

/// One request of a scenario and what is expected of its response.
public struct Step: Sendable, Hashable {
    /// The step's name in results; its method and path where it has none, without secrets.
    public var name: String
    /// The request method, in upper case.
    public var method: String
    /// The request's path and query, beginning with a slash; added to the target's own path.
    public var path: TextTemplate
    /// Headers beside `Host` and `Content-Length`, which are always sent.
    public var headers: [Header]
    /// The request's body.
    public var body: TextTemplate?
    /// What makes the response a good one.
    public var expectation: Expectation
    /// Values that later steps of the same round use.
    public var captures: [Capture]

    /// Makes a step.
    public init(
        name: String? = nil, method: String = "GET", path: String, headers: [Header] = [], body: String? = nil,
        expectation: Expectation = Expectation(), captures: [Capture] = []
    ) {
        // Names stand in results.
        self.name = name ?? "\(method) \(SecretRedaction(path: path).text)"
        self.method = method
        self.path = TextTemplate(path)
        self.headers = headers
        self.body = body.map { TextTemplate($0) }
        self.expectation = expectation
        self.captures = captures
    }
}

/// A header of a request.
public struct Header: Sendable, Hashable {
    /// What frames a message and keeps a connection: set by the load test alone, or it would misread the answers.
    static let ownNames: Set = ["connection", "content-length", "transfer-encoding"]

    /// The header's name, as it is sent.
    public var name: String
    /// The header's value.
    public var value: TextTemplate

    /// Makes a header.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = TextTemplate(value)
    }
}
