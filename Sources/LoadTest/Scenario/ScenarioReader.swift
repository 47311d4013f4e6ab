import Yams

/// Turns YAML nodes into scenarios and collects every mistake on the way, with its line.
struct ScenarioReader {
    let file: String
    let readData: (String) -> String?
    private(set) var mistakes: [ScenarioFileError.Mistake] = []

    init(file: String, readData: @escaping (String) -> String?) {
        self.file = file
        self.readData = readData
    }

    mutating func report(_ problem: String, at node: Node, in otherFile: String? = nil, line: Int? = nil) {
        mistakes.append(.init(file: otherFile ?? file, line: line ?? node.mark?.line ?? 1, problem: problem))
    }

    mutating func readFile(_ root: Node) -> [Scenario] {
        guard let members = members(of: root, known: ["scenarios"], what: "the file") else { return [] }
        guard let list = members["scenarios"] else {
            report("scenarios is missing; list them below scenarios:", at: root)
            return []
        }
        guard case .sequence(let nodes) = list, !nodes.isEmpty else {
            report("scenarios must be a list with at least one scenario; begin each with - name:", at: list)
            return []
        }
        var names: Set<String> = []
        return nodes.compactMap { node in
            guard let scenario = readScenario(node) else { return nil }
            if !names.insert(scenario.name).inserted {
                report("the name \(scenario.name) is taken by another scenario; give this one its own", at: node)
            }
            return scenario
        }
    }

    private mutating func readScenario(_ node: Node) -> Scenario? {
        let known = ["name", "weight", "data", "steps"]
        guard let members = members(of: node, known: known, what: "a scenario") else { return nil }
        let name = members["name"].flatMap { text($0, "name") } ?? ""
        if members["name"] == nil { report("name is missing; each scenario needs one", at: node) }
        if !name.isEmpty, name.contains(where: { $0.isWhitespace || $0 == "." || $0 == "<" || $0 == ">" }) {
            report("\"\(name)\" is no name: blanks, dots, < and > cannot stand in goals; write browse-items", at: node)
        }
        var weight = 1
        if let weightNode = members["weight"] {
            weight = weightNode.int ?? 0
            if weight < 1 || weight > 1_000_000 {
                report("weight must be a whole number from 1 to 1000000", at: weightNode)
            }
        }
        let data = members["data"].flatMap { readDataset($0) }
        guard let stepsNode = members["steps"], case .sequence(let nodes) = stepsNode, !nodes.isEmpty else {
            report("steps must be a list with at least one step, such as - get: /", at: members["steps"] ?? node)
            return nil
        }
        var names = data?.names ?? []
        let hasData = members["data"] == nil || data != nil
        let steps = nodes.compactMap { readStep($0, names: &names, checksNames: hasData) }
        return Scenario(name: name, weight: max(1, weight), steps: steps, data: data)
    }

    private mutating func readDataset(_ node: Node) -> Dataset? {
        guard let path = text(node, "data") else { return nil }
        guard let content = readData(path) else {
            report("the data file \(path) cannot be read; its path is relative to the scenario file", at: node)
            return nil
        }
        do throws(DatasetError) {
            return try Dataset(csv: content)
        } catch {
            report(error.problem, at: node, in: path, line: error.line)
            return nil
        }
    }

    // MARK: Nodes

    /// The members of a mapping by key; unknown keys are mistakes. Reports and returns `nil` for anything else.
    mutating func members(of node: Node, known: [String], what: String) -> [String: Node]? {
        guard case .mapping(let mapping) = node else {
            report("\(what) must be a mapping with the keys \(known.joined(separator: ", "))", at: node)
            return nil
        }
        var members: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.string, known.contains(name) else {
                let written = key.string ?? "?"
                let near = known.min { $0.distance(to: written) < $1.distance(to: written) }
                let advice =
                    near.flatMap { $0.distance(to: written) <= 2 ? "did you mean \($0)?" : nil }
                    ?? "known are \(known.joined(separator: ", "))"
                report("\(what) has no key \(written); \(advice)", at: key)
                continue
            }
            members[name] = value
        }
        return members
    }

    /// The text of a scalar; reports and returns `nil` for anything else.
    mutating func text(_ node: Node, _ key: String) -> String? {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
            report("\(key) must be text that is not empty", at: node)
            return nil
        }
        return scalar.string
    }
}

extension String {
    /// How many letters have to be added, removed or changed to make the other word (Levenshtein).
    fileprivate func distance(to other: String) -> Int {
        let other = Array(other)
        var row = Array(0...other.count)
        for (index, character) in enumerated() {
            var previous = row[0]
            row[0] = index + 1
            for column in other.indices {
                let cost = previous + (other[column] == character ? 0 : 1)
                previous = row[column + 1]
                row[column + 1] = Swift.min(cost, row[column] + 1, previous + 1)
            }
        }
        return row[other.count]
    }
}
