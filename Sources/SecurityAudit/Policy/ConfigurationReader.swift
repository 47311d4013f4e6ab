import Foundation
import Yams

/// Reads `pitwall-audit.yml` and names every mistake with its line, so that none is a silent no-op.
struct ConfigurationReader {
    /// The file's name in the audited folder.
    static let fileName = "pitwall-audit.yml"

    private let file: String
    /// The audited folder, for what must be there.
    private let root: String?
    private var mistakes: [ConfigurationMistake] = []
    private var configuration = AuditConfiguration()

    /// The configuration of a text.
    ///
    /// - Parameters:
    ///   - file: What mistakes and suppressions call the file.
    ///   - root: The audited folder; `nil` when what the text names need not be there.
    /// - Throws: ``AuditError/configuration(path:mistakes:)`` with every mistake.
    static func read(_ text: String, file: String, root: String? = nil) throws(AuditError) -> AuditConfiguration {
        var reader = ConfigurationReader(file: file, root: root)
        do {
            if let root = try Yams.compose(yaml: text) { reader.readRoot(root) }
        } catch {
            reader.mistakes.append(Self.mistake(of: error))
        }
        guard reader.mistakes.isEmpty else {
            throw .configuration(path: file, mistakes: reader.mistakes.sorted { $0.line < $1.line })
        }
        return reader.configuration
    }

    private init(file: String, root: String?) {
        self.file = file
        self.root = root
    }

    private static func mistake(of error: any Error) -> ConfigurationMistake {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return ConfigurationMistake(line: mark.line, text: "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            return ConfigurationMistake(line: context.mark.line, text: "twice: \(duplicates.joined(separator: ", "))")
        default:
            return ConfigurationMistake(line: 1, text: "not YAML: \(error)")
        }
    }

    private mutating func readRoot(_ root: Node) {
        if root.null != nil { return }
        eachPair(of: root, called: "the file", keys: Self.rootKeys) { reader, key, value in
            switch key {
            case "version":
                if value.int != 1 { reader.fault(value, "version is 1") }
            case "paths": reader.readPaths(value)
            case "exclude": reader.configuration.exclude = reader.texts(value, called: key)
            case "fail-on": if let failOn = reader.failOn(value) { reader.configuration.failOn = failOn }
            case "require": reader.readRequirement(value)
            case "osv": reader.readDatabase(value)
            case "tools": reader.readTools(value)
            case "thresholds": reader.readThresholds(value)
            default: reader.readSuppressions(value)
            }
        }
    }

    private static let rootKeys = [
        "version", "paths", "exclude", "fail-on", "require", "osv", "tools", "thresholds", "suppressions",
    ]

    private mutating func readPaths(_ node: Node) {
        configuration.paths = texts(node, called: "paths")
        for item in node.sequence.map(Array.init) ?? [node] {
            guard let path = item.scalar?.string else { continue }
            if path.hasPrefix("/") || path.split(separator: "/").contains("..") {
                fault(item, "paths: \(path) is not below the audited folder, where all paths begin")
            } else if let root, !FileManager.default.fileExists(atPath: root + "/" + path) {
                fault(item, "paths: \(path) is not there")
            }
        }
    }

    private mutating func readDatabase(_ node: Node) {
        configuration.osv = text(node, called: "osv")
        guard let name = configuration.osv, let root, VulnerabilitySource(name, relativeTo: root).isLost else { return }
        fault(node, "osv: \(AuditError.noAdvisories(name)); a relative path begins at the audited folder")
    }

    private mutating func readRequirement(_ node: Node) {
        if node.string == "all" {
            configuration.require = .all
        } else if node.string == "none" {
            configuration.require = .none
        } else if node.sequence != nil {
            let names = texts(node, called: "require").compactMap { word -> ScannerName? in
                guard let name = ScannerName(rawValue: word) else {
                    fault(node, "no tool is called \"\(word)\"; there are \(Self.toolNames)")
                    return nil
                }
                return name
            }
            configuration.require = .only(Set(names))
        } else {
            fault(node, "require is all, none or a list of tools")
        }
    }

    private static let toolNames = ScannerName.allCases.map(\.rawValue).joined(separator: ", ")

    private mutating func readTools(_ node: Node) {
        eachPair(of: node, called: "tools", keys: ScannerName.allCases.map(\.rawValue)) { reader, key, value in
            guard let name = ScannerName(rawValue: key) else { return }
            var settings = ToolSettings()
            if let enabled = value.bool {
                settings.isEnabled = enabled
            } else {
                let keys = ["enabled", "path", "arguments", "rules", "timeout", "memory"]
                reader.eachPair(of: value, called: key, keys: keys) { reader, option, value in
                    switch option {
                    case "enabled":
                        if let enabled = value.bool {
                            settings.isEnabled = enabled
                        } else {
                            reader.fault(value, "enabled is true or false")
                        }
                    case "path": settings.path = reader.text(value, called: option)
                    case "arguments": settings.arguments = reader.texts(value, called: option)
                    case "rules": settings.rules = reader.texts(value, called: option)
                    case "timeout": settings.time = reader.duration(value)
                    default: settings.memory = reader.size(value)
                    }
                }
            }
            reader.configuration.tools[name] = settings
        }
    }

    private mutating func readThresholds(_ node: Node) {
        eachItem(of: node, called: "thresholds") { reader, item in
            var threshold = Threshold(failOn: .never)
            var level: FailOn?
            reader.eachPair(of: item, called: "a threshold", keys: ["rule", "path", "fail-on"]) { reader, key, value in
                switch key {
                case "rule": threshold.rule = reader.text(value, called: key)
                case "path": threshold.path = reader.text(value, called: key)
                default: level = reader.failOn(value)
                }
            }
            guard let level, threshold.rule != nil || threshold.path != nil else {
                reader.fault(item, "a threshold has fail-on and a rule, a path or both")
                return
            }
            threshold.failOn = level
            reader.configuration.thresholds.append(threshold)
        }
    }

    private mutating func readSuppressions(_ node: Node) {
        eachItem(of: node, called: "suppressions") { reader, item in
            var suppression = Suppression(place: "\(reader.file):\(item.mark?.line ?? 1)", reason: "")
            let keys = ["rule", "path", "fingerprint", "reason", "expires"]
            reader.eachPair(of: item, called: "a suppression", keys: keys) { reader, key, value in
                switch key {
                case "rule": suppression.rule = reader.text(value, called: key)
                case "path": suppression.path = reader.text(value, called: key)
                case "fingerprint": suppression.fingerprint = reader.text(value, called: key)
                case "reason":
                    suppression.reason = (reader.text(value, called: key) ?? "").trimmingCharacters(in: .whitespaces)
                default:
                    // YAML reads an unquoted day as a moment; its text is the same either way.
                    suppression.expires = value.scalar.flatMap { CalendarDate($0.string) }
                    if suppression.expires == nil { reader.fault(value, "expires is a day such as 2027-01-31") }
                }
            }
            if suppression.reason.isEmpty { reader.fault(item, "a suppression has a reason") }
            if suppression.rule == nil, suppression.path == nil, suppression.fingerprint == nil {
                reader.fault(item, "a suppression has a rule, a path or a fingerprint")
            }
            reader.configuration.suppressions.append(suppression)
        }
    }
}

/// The shapes a value may have.
extension ConfigurationReader {
    private mutating func fault(_ node: Node, _ text: String) {
        mistakes.append(ConfigurationMistake(line: node.mark?.line ?? 1, text: text))
    }

    private mutating func eachPair(
        of node: Node, called name: String, keys: [String], _ body: (inout Self, String, Node) -> Void
    ) {
        guard let mapping = node.mapping else {
            fault(node, "\(name) is a list of name: value")
            return
        }
        for (keyNode, value) in mapping {
            guard let key = keyNode.string, keys.contains(key) else {
                let known = keys.joined(separator: ", ")
                fault(keyNode, "\(name) has no \"\(keyNode.string ?? "?")\"; it has \(known)")
                continue
            }
            body(&self, key, value)
        }
    }

    private mutating func eachItem(of node: Node, called name: String, _ body: (inout Self, Node) -> Void) {
        guard let sequence = node.sequence else {
            if node.null == nil { fault(node, "\(name) is a list") }
            return
        }
        for item in sequence { body(&self, item) }
    }

    private mutating func text(_ node: Node, called name: String) -> String? {
        if let scalar = node.scalar, !scalar.string.isEmpty { return scalar.string }
        fault(node, "\(name) is a text")
        return nil
    }

    private mutating func texts(_ node: Node, called name: String) -> [String] {
        if node.scalar != nil, node.null == nil { return text(node, called: name).map { [$0] } ?? [] }
        guard let sequence = node.sequence else {
            fault(node, "\(name) is a list of texts")
            return []
        }
        return sequence.compactMap { item in text(item, called: "each of \(name)") }
    }

    private mutating func failOn(_ node: Node) -> FailOn? {
        if let failOn = node.scalar.flatMap({ FailOn($0.string) }) { return failOn }
        fault(node, "fail-on is one of \(FailOn.words.joined(separator: ", "))")
        return nil
    }

    /// Over this, in whatever unit, a timeout is a slip of the pen.
    private static let longestTime = 1_000_000

    /// `90s`, `5m` or a number of seconds.
    private mutating func duration(_ node: Node) -> Duration? {
        let text = node.scalar?.string ?? ""
        let unit = text.last.flatMap { ["s": 1, "m": 60, "h": 3600][$0] }
        if let number = Int(unit == nil ? text[...] : text.dropLast()), (1...Self.longestTime).contains(number) {
            return .seconds(number * (unit ?? 1))
        }
        fault(node, "timeout is a number of seconds, or such as 90s or 5m")
        return nil
    }

    /// `512MiB`, `2GiB` or a number of bytes.
    private mutating func size(_ node: Node) -> Int? {
        let text = node.scalar?.string ?? ""
        for (unit, shift) in ["MiB": 20, "GiB": 30] where text.hasSuffix(unit) {
            if let number = Int(text.dropLast(3)), (1...4096).contains(number) { return number << shift }
        }
        if let number = Int(text), number > 0 { return number }
        fault(node, "memory is a number of bytes, or such as 512MiB or 2GiB")
        return nil
    }
}
