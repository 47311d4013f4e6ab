/// What makes a response a good one.
public struct Expectation: Sendable, Hashable {
    /// The status codes that count as good; 200 to 399 if nothing else is said.
    public var statuses: [ClosedRange<Int>]
    /// Text that the body must contain.
    public var text: String?

    /// Makes an expectation.
    public init(statuses: [ClosedRange<Int>] = [200...399], text: String? = nil) {
        self.statuses = statuses
        self.text = text
    }

    func accepts(status: Int) -> Bool {
        for range in statuses where range.contains(status) { return true }
        return false
    }
}

/// A value taken from a response for later steps of the same round.
public struct Capture: Sendable, Hashable {
    /// Where in the response the value is.
    public enum Source: Sendable, Hashable {
        /// A member of a JSON body: keys and array positions joined by dots, as in `items.0.id`.
        case json([String])
        /// The first header of that name, compared without regard to case.
        case header(String)
        /// The first group of a regular expression's first match in the body, or the whole match without groups.
        case pattern(String)
    }

    /// The name by which templates use the value.
    public var name: String
    /// Where the value is.
    public var source: Source

    /// Makes a capture.
    public init(name: String, source: Source) {
        self.name = name
        self.source = source
    }
}
