/// A step made ready: all that can be known before the run is worked out once.
struct PreparedRequest: Sendable {
    let name: String
    let template: RequestTemplate
    /// The whole HTTP/1.1 request, when nothing in it changes.
    let fixedBytes: [UInt8]?
    let isHead: Bool
    /// Whether sending it twice does no more than sending it once (RFC 9110, 9.2.2).
    let isIdempotent: Bool
    let expectation: Expectation
    let expectedText: [UInt8]?
    let captures: [PreparedCapture]

    var keepsBody: Bool {
        expectedText != nil || captures.contains { if case .header = $0.source { false } else { true } }
    }

    var keepsHead: Bool {
        captures.contains { if case .header = $0.source { true } else { false } }
    }
}

/// A capture with its value's position.
struct PreparedCapture: Sendable {
    let value: Int
    let source: Capture.Source
}

/// A scenario made ready: where its requests are in the plan, and its values' names.
struct Journey: Sendable {
    let name: String
    let weight: Int
    /// Positions of its steps in ``RunPlan/requests``.
    let requests: Range<Int>
    let valueCount: Int
    /// The first values of a round, row by row; they take the first positions.
    let rows: [[[UInt8]]]
}
