import Foundation
import ResultFile
import Yams

/// A scenario file made from what happened: an access log or a HAR file.
public struct Recording: Sendable {
    /// The scenarios that were found.
    public let scenarios: [Scenario]
    /// What was read and what was left out, for people.
    public let summary: String

    /// Reads a log or HAR file.
    ///
    /// - Parameters:
    ///   - path: The file; whether it is a HAR file is seen from its content.
    ///   - most: How many paths a log's mix keeps, the most frequent first.
    /// - Throws: ``RecordingError``; ``UsageError`` for `most` below 1.
    public init(contentsOf path: String, most: Int = 20) throws {
        guard most >= 1 else { throw UsageError("--most is \(most); at least one path must be kept") }
        guard var data = FileManager.default.contents(atPath: path) else {
            throw RecordingError(path: path, problem: "it cannot be read", isUnavailable: true)
        }
        // The mark that some programs begin UTF-8 with.
        if data.starts(with: [0xEF, 0xBB, 0xBF]) { data = Data(data.dropFirst(3)) }
        let isHAR = data.first { !($0 == 0x20 || (0x09...0x0D).contains($0)) } == UInt8(ascii: "{")
        if isHAR {
            (scenarios, summary) = try HARFile.read(data, path: path)
        } else {
            (scenarios, summary) = try AccessLog.read(String(decoding: data, as: UTF8.self), path: path, most: most)
        }
    }

    /// The scenario file.
    public var yaml: String {
        let nodes = scenarios.map { scenario -> Node in
            var members: [(Node, Node)] = [("name", Node(scenario.name))]
            if scenarios.count > 1 { members.append(("weight", Node("\(scenario.weight)", Tag(.int)))) }
            members.append(("steps", .sequence(Node.Sequence(scenario.steps.map(Self.node)))))
            return .mapping(Node.Mapping(members))
        }
        let root = Node.mapping(Node.Mapping([("scenarios", .sequence(Node.Sequence(nodes)))]))
        let text = (try? Yams.serialize(node: root, width: -1, allowUnicode: true)) ?? ""
        return "# Made by pitwall load record. Schema: examples/scenarios/scenario.schema.json\n" + text
    }

    /// Writes the scenario file in one step.
    ///
    /// - Throws: ``RecordingError``.
    public func write(to path: String) throws(RecordingError) {
        if let obstacle = ResultFile(path).obstacle {
            throw RecordingError(path: path, problem: "it cannot be written: \(obstacle)", isUnavailable: true)
        }
        do {
            try ResultFile(path).write(Data(yaml.utf8))
        } catch {
            throw RecordingError(path: path, problem: error.localizedDescription, isUnavailable: true)
        }
    }

    private static func node(_ step: Step) -> Node {
        let method = step.method.lowercased()
        let path = Node(step.path.fixed ?? "/")
        var members: [(Node, Node)] =
            ["get", "head", "post", "put", "patch", "delete", "options"].contains(method)
            ? [(Node(method), path)] : [(Node("method"), Node(step.method)), (Node("path"), path)]
        if !step.headers.isEmpty {
            let headers = step.headers.map { (Node($0.name), Node($0.value.fixed ?? "", Tag(.str), .doubleQuoted)) }
            members.append(
                ("headers", .mapping(Node.Mapping(headers))))
        }
        if let body = step.body?.fixed { members.append(("body", Node(body, Tag(.str), .doubleQuoted))) }
        if let status = step.expectation.statuses.first, step.expectation.statuses.count == 1, status.count == 1 {
            members.append(("expect", .mapping(Node.Mapping([("status", Node("\(status.lowerBound)", Tag(.int)))]))))
        }
        return .mapping(Node.Mapping(members))
    }
}

/// A file that no scenario can be made of.
public struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let problem: String
    /// The file itself cannot be read or written, whatever its content.
    public var isUnavailable = false

    /// The problem in a sentence, with the value at fault and how to mend it.
    public var description: String { "\(path): \(problem)" }
}
