/// Why scenarios cannot be made into requests.
public enum PlanError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A method that is no HTTP token.
    case badMethod(String, scenario: String)
    /// A header name that is no HTTP token.
    case badHeader(String, scenario: String)
    /// A line break or another control character in a path or header.
    case controlCharacter(String, scenario: String)
    /// A gap that nothing fills.
    case unknownValue(String, scenario: String, known: [String])

    /// The problem in a sentence, with the value at fault and how to mend it.
    public var description: String {
        switch self {
        case .badMethod(let method, let scenario):
            "scenario \(scenario): \"\(method)\" is not a request method; write one like GET or POST"
        case .badHeader(let name, let scenario):
            "scenario \(scenario): \"\(name)\" is not a header name; letters, digits and hyphens are"
        case .controlCharacter(let text, let scenario):
            "scenario \(scenario): \(String(reflecting: text)) holds a control character, which no path or header may"
        case .unknownValue(let name, let scenario, let known):
            "scenario \(scenario): nothing fills {{\(name)}}; "
                + (known.isEmpty
                    ? "take it from a response with capture, or from a file with data"
                    : "known here: \(known.joined(separator: ", "))")
        }
    }
}
