/// The scenarios that names stand for.
public enum ScenarioSelection {
    /// Finds scenarios by name; `all` stands for every built-in one.
    ///
    /// - Returns: The scenarios in the order of the names, each once.
    /// - Throws: ``UnknownScenarioError``.
    public static func named(
        _ names: [String], among known: [Scenario] = Scenario.builtIn
    ) throws(UnknownScenarioError) -> [Scenario] {
        var selected: [Scenario] = []
        for name in names {
            let matches = name == "all" ? known : known.filter { $0.name == name }
            guard !matches.isEmpty else { throw UnknownScenarioError(name: name, known: known.map(\.name)) }
            for match in matches where !selected.contains(match) { selected.append(match) }
        }
        return selected
    }
}

/// A name that is no scenario's.
public struct UnknownScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let name: String
    /// The names that are known.
    public let known: [String]

    /// The problem in a sentence, with the value at fault and how to mend it.
    public var description: String {
        "\"\(name)\" is no scenario; known are all, \(known.joined(separator: ", ")), or a scenario file (.yml, .yaml)"
    }
}
