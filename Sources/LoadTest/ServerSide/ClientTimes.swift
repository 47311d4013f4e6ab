import LatencyHistogram

/// What the client saw of the requests that belong to one path of the target, over all scenarios.
struct ClientTimes: Sendable {
    /// Stands for what a scenario fills in, in ``path``.
    static let value = "\u{FFFC}"

    let method: String
    /// Without query.
    let path: String
    private(set) var latency = LatencyHistogram(scale: StepTally.scale)
    private(set) var service = LatencyHistogram(scale: StepTally.scale)

    private init(_ request: PreparedRequest) {
        method = request.template.method
        path = Self.path(of: request.template.path)
    }

    /// Adds what a run's requests took to the paths that they went to.
    static func add(_ report: LoopReport, of plan: RunPlan, to all: inout [ClientTimes]) {
        for (request, tally) in zip(plan.requests, report.tallies) {
            let new = ClientTimes(request)
            let index = all.firstIndex { $0.method == new.method && $0.path == new.path } ?? all.endIndex
            if index == all.endIndex { all.append(new) }
            all[index].latency.merge(tally.latency.total)
            all[index].service.merge(tally.service)
        }
    }

    private static func path(of text: RequestTemplate.Text) -> String {
        let whole = text.pieces.reduce(into: "") { path, piece in
            switch piece {
            case .literal(let bytes): path += String(decoding: bytes, as: UTF8.self)
            case .value: path += value
            }
        }
        return String(whole.prefix { $0 != "?" })
    }
}
