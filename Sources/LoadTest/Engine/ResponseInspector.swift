import Foundation

/// Looks into responses for what a step expects and for values that later steps use. Belongs to one loop.
struct ResponseInspector {
    /// Compiled once a loop; `nil` for a pattern that is not valid.
    private var patterns: [String: Regex<AnyRegexOutput>?] = [:]

    func body(_ body: [UInt8], contains text: [UInt8]) -> Bool {
        text.isEmpty || body.firstRange(of: text) != nil
    }

    mutating func value(_ source: Capture.Source, head: [[UInt8]], body: [UInt8]) -> [UInt8]? {
        switch source {
        case .header(let name): header(name, in: head)
        case .json(let path): json(path, in: body)
        case .pattern(let pattern): match(pattern, in: body)
        }
    }

    private func header(_ name: String, in head: [[UInt8]]) -> [UInt8]? {
        for line in head.dropFirst() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                String(decoding: line[..<colon], as: UTF8.self).lowercased() == name.lowercased()
            else { continue }
            let value = line.span.trimmed(colon + 1..<line.count)
            return Array(line[value])
        }
        return nil
    }

    private func json(_ path: [String], in body: [UInt8]) -> [UInt8]? {
        guard var value = try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed) else {
            return nil
        }
        for key in path {
            if let object = value as? [String: Any], let member = object[key] {
                value = member
            } else if let array = value as? [Any], let index = Int(key), array.indices.contains(index) {
                value = array[index]
            } else {
                return nil
            }
        }
        if let text = value as? String { return Array(text.utf8) }
        if value is NSNull { return nil }
        return (try? JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys]))
            .map { Array($0) }
    }

    private mutating func match(_ pattern: String, in body: [UInt8]) -> [UInt8]? {
        let compiled: Regex<AnyRegexOutput>?
        if let known = patterns[pattern] {
            compiled = known
        } else {
            compiled = try? Regex(pattern)
            patterns[pattern] = compiled
        }
        let text = String(decoding: body, as: UTF8.self)
        guard let compiled, let match = try? compiled.firstMatch(in: text) else { return nil }
        guard let found = match.output.count > 1 ? match.output[1].substring : match.output[0].substring else {
            return nil
        }
        return Array(found.utf8)
    }
}
