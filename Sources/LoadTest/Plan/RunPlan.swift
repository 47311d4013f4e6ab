/// Everything one run of the engine needs to know, worked out before it starts and shared by its loops.
struct RunPlan: Sendable {
    let target: Target
    let requests: [PreparedRequest]
    let journeys: [Journey]
    let arrivals: Arrivals
    let limits: RunLimits
    let transport: TransportOptions

    /// Makes scenarios ready for a target.
    ///
    /// - Throws: ``PlanError`` for a gap that no data and no earlier step fills, and for a method or header that is
    ///   not valid HTTP.
    init(
        target: Target, scenarios: [Scenario], headers: [Header], arrivals: Arrivals, limits: RunLimits,
        transport: TransportOptions
    ) throws(PlanError) {
        self.target = target
        self.arrivals = arrivals
        self.limits = limits
        self.transport = transport
        var requests: [PreparedRequest] = []
        var journeys: [Journey] = []
        for scenario in scenarios {
            var names = scenario.data?.names ?? []
            let first = requests.count
            for step in scenario.steps {
                requests.append(
                    try Self.prepare(step, of: scenario.name, target: target, headers: headers, names: &names))
            }
            journeys.append(
                Journey(
                    name: scenario.name, weight: max(1, scenario.weight), requests: first..<requests.count,
                    valueCount: names.count, rows: scenario.data?.rows.map { $0.map { Array($0.utf8) } } ?? []))
        }
        self.requests = requests
        self.journeys = journeys
    }

    private static func prepare(
        _ step: Step, of scenario: String, target: Target, headers: [Header], names: inout [String]
    ) throws(PlanError) -> PreparedRequest {
        guard step.method.isToken else { throw .badMethod(step.method, scenario: scenario) }
        // A header of the step takes the place of one of the same name for the whole run.
        let common = headers.filter { header in
            !step.headers.contains { $0.name.lowercased() == header.name.lowercased() }
        }
        var resolvedHeaders: [(name: String, value: RequestTemplate.Text)] = []
        for header in common + step.headers {
            guard header.name.isToken else { throw .badHeader(header.name, scenario: scenario) }
            resolvedHeaders.append((header.name, try resolve(header.value, .controls, .controls, scenario, names)))
        }
        let path = try resolve(step.path, .percent, .controls, scenario, names)
        let template = RequestTemplate(
            method: step.method, authority: target.authority,
            path: RequestTemplate.Text(pieces: [.literal(Array(target.basePath.utf8))] + path.pieces),
            headers: resolvedHeaders,
            body: try step.body.map { body throws(PlanError) in try resolve(body, .none, .none, scenario, names) })
        var captures: [PreparedCapture] = []
        for capture in step.captures {
            let index = names.firstIndex(of: capture.name) ?? names.endIndex
            if index == names.endIndex { names.append(capture.name) }
            captures.append(PreparedCapture(value: index, source: capture.source))
        }
        return PreparedRequest(step, template, captures: captures)
    }

    private static func resolve(
        _ text: TextTemplate, _ escaping: RequestTemplate.Escaping, _ raw: RequestTemplate.Escaping,
        _ scenario: String, _ names: [String]
    ) throws(PlanError) -> RequestTemplate.Text {
        var pieces: [RequestTemplate.Text.Piece] = []
        for piece in text.pieces {
            switch piece {
            case .literal(let literal):
                let bytes = Array(literal.utf8)
                if case .none = escaping {
                    pieces.append(.literal(bytes))
                } else {
                    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                        throw .controlCharacter(literal, scenario: scenario)
                    }
                    pieces.append(.literal(bytes))
                }
            case .value(let name, let isRaw):
                guard let index = names.firstIndex(of: name) else {
                    throw .unknownValue(name, scenario: scenario, known: names)
                }
                pieces.append(.value(index, isRaw ? raw : escaping))
            }
        }
        return RequestTemplate.Text(pieces: pieces)
    }
}

extension String {
    /// Whether the text is an HTTP token (RFC 9110, 5.6.2), as names of methods and headers are.
    var isToken: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
