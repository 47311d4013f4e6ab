/// A step made ready: all that can be known before the run is worked out once. A class, so that looking at one costs no
/// more than a pointer.
final class PreparedRequest: Sendable {
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
    /// A step looks into the response's body.
    let keepsBody: Bool
    /// A step looks into the response's headers.
    let keepsHead: Bool

    init(_ step: Step, _ template: RequestTemplate, captures: [PreparedCapture]) {
        name = step.name
        self.template = template
        self.captures = captures
        if template.isFixed {
            var bytes: [UInt8] = []
            template.appendHTTP1(to: &bytes, values: [])
            fixedBytes = bytes
        } else {
            fixedBytes = nil
        }
        isHead = step.method == "HEAD"
        isIdempotent = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(step.method)
        expectation = step.expectation
        expectedText = step.expectation.text.map { Array($0.utf8) }
        let ofHead = captures.count { if case .header = $0.source { true } else { false } }
        keepsHead = ofHead > 0
        keepsBody = expectedText != nil || ofHead < captures.count
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
