import Foundation
import Yams

/// Scenarios of one's own, as a small YAML file; `examples/scenarios/` holds three and their JSON schema.
///
/// ```yaml
/// scenarios:
///   - name: browse
///     weight: 3
///     data: terms.csv
///     steps:
///       - get: /search?q={{term}}
///         expect: { status: 200, contains: results }
///         capture: { first: { json: items.0.id } }
///       - get: /items/{{first}}
/// ```
public struct ScenarioFile: Sendable {
    /// The scenarios, in the order of the file.
    public let scenarios: [Scenario]

    /// Reads a file and the data files that it names, whose paths are relative to it.
    ///
    /// - Throws: ``ScenarioFileError`` with every mistake found.
    public init(contentsOf path: String) throws(ScenarioFileError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ScenarioFileError(mistakes: [.init(file: path, line: 1, problem: "the file cannot be read")])
        }
        let folder = URL(filePath: path).deletingLastPathComponent()
        try self.init(yaml: String(decoding: data, as: UTF8.self), file: path) { name in
            FileManager.default.contents(atPath: URL(filePath: name, relativeTo: folder).path)
                .map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Reads the text of a file.
    ///
    /// - Parameters:
    ///   - yaml: The text.
    ///   - file: The name for mistakes.
    ///   - readData: Gives the content of a data file, `nil` if there is none.
    /// - Throws: ``ScenarioFileError`` with every mistake found.
    package init(
        yaml: String, file: String, readData: @escaping (String) -> String?
    ) throws(ScenarioFileError) {
        var reader = ScenarioReader(file: file, readData: readData)
        do {
            guard let root = try Yams.compose(yaml: yaml) else {
                throw ScenarioFileError(
                    mistakes: [.init(file: file, line: 1, problem: "the file is empty; begin with scenarios:")])
            }
            scenarios = reader.readFile(root)
        } catch let error as ScenarioFileError {
            throw error
        } catch {
            throw ScenarioFileError(mistakes: [.init(file: file, line: error.line, problem: error.problem)])
        }
        guard reader.mistakes.isEmpty else {
            throw ScenarioFileError(mistakes: reader.mistakes.sorted { $0.line < $1.line })
        }
    }
}

extension Error {
    fileprivate var line: Int {
        switch self as? YamlError {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: 1
        }
    }

    fileprivate var problem: String {
        switch self as? YamlError {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _):
            "not valid YAML: \(problem)"
        case .duplicatedKeysInMapping(let keys, _):
            "\(keys.sorted().joined(separator: ", ")) is written twice; keep one"
        default: "not valid YAML: \(self)"
        }
    }
}
