/// The scenarios that names stand for.
public enum ScenarioSelection {
    /// The scenarios that `--scenario` options ask for, and whether they run at once: a file's do, as a mix.
    ///
    /// - Throws: ``UnknownScenarioError``, ``ScenarioFileError``, and ``UsageError`` when a file does not stand alone.
    static func selected(_ options: [String]) throws -> (scenarios: [Scenario], isMix: Bool) {
        let files = options.filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
        guard let file = files.first else { return (try named(options.isEmpty ? ["all"] : options), false) }
        guard options.count == 1 else {
            throw UsageError("--scenario \(file): a scenario file stands alone; put all scenarios of the mix into it")
        }
        return (try ScenarioFile(contentsOf: file).scenarios, true)
    }

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
