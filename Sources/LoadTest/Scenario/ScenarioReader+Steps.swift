import Yams

/// Steps, what they expect and what they capture.
extension ScenarioReader {
    private static let methods = ["get", "head", "post", "put", "patch", "delete", "options"]

    /// Reads a step.
    ///
    /// - Parameters:
    ///   - names: The values known before this step; those it captures are added.
    ///   - checksNames: Whether gaps that nothing fills are mistakes; not when the data file could not be read.
    mutating func readStep(_ node: Node, names: inout [String], checksNames: Bool) -> Step? {
        let known = Self.methods + ["name", "method", "path", "headers", "body", "expect", "capture"]
        guard let members = members(of: node, known: known, what: "a step") else { return nil }
        guard let (method, path, pathNode) = readRequestLine(members, node) else { return nil }
        var headers: [Header] = []
        if let headersNode = members["headers"] { headers = readHeaders(headersNode) }
        let body = members["body"].flatMap { $0.string == "" ? "" : text($0, "body") }
        let expectation = members["expect"].map { readExpectation($0) } ?? Expectation()
        let captures = members["capture"].map { readCaptures($0) } ?? []
        if checksNames {
            check(TextTemplate(path), at: pathNode, names: names)
            for header in headers { check(header.value, at: members["headers"] ?? node, names: names) }
            if let body, let bodyNode = members["body"] { check(TextTemplate(body), at: bodyNode, names: names) }
        }
        names += captures.map(\.name)
        return Step(
            name: members["name"].flatMap { text($0, "name") }, method: method, path: path, headers: headers,
            body: body,
            expectation: expectation, captures: captures)
    }

    private mutating func readRequestLine(
        _ members: [String: Node], _ node: Node
    ) -> (method: String, path: String, node: Node)? {
        let short = Self.methods.filter { members[$0] != nil }
        let requests = short + (members["path"] == nil ? [] : ["path"])
        if requests.count > 1 {
            report("a step makes one request; keep one of \(requests.joined(separator: ", "))", at: node)
            return nil
        }
        guard let pathNode = short.first.flatMap({ members[$0] }) ?? members["path"] else {
            report("a step needs a request, such as get: /search?q=valencia", at: node)
            return nil
        }
        guard let path = text(pathNode, short.first ?? "path") else { return nil }
        guard path.hasPrefix("/") || path.hasPrefix("{{{") else {
            report("the path \(path) must begin with a slash; the host comes from --url", at: pathNode)
            return nil
        }
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") }) else {
            report("the path \(path) has a blank, a control character or a #; write %20 for a blank", at: pathNode)
            return nil
        }
        if let short = short.first {
            if let methodNode = members["method"] {
                report("the method is already said by \(short):; leave method out", at: methodNode)
            }
            return (short.uppercased(), path, pathNode)
        }
        guard let methodNode = members["method"] else { return ("GET", path, pathNode) }
        guard let method = text(methodNode, "method"), method.isToken else {
            report("method must be a word such as GET or POST", at: methodNode)
            return nil
        }
        return (method.uppercased(), path, pathNode)
    }

    private mutating func readHeaders(_ node: Node) -> [Header] {
        guard case .mapping(let mapping) = node else {
            report("headers must be a mapping, such as Accept: text/html", at: node)
            return []
        }
        return mapping.compactMap { key, value in
            guard let name = key.string, name.isToken else {
                report("\"\(key.string ?? "?")\" is no header name; letters, digits and hyphens are", at: key)
                return nil
            }
            guard !Header.ownNames.contains(name.lowercased()) else {
                report("the header \(name) is set by the load test itself; leave it out", at: key)
                return nil
            }
            guard case .scalar(let scalar) = value, scalar.string.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                report("the header \(name) must be text of one line", at: value)
                return nil
            }
            return Header(name, scalar.string)
        }
    }

    private mutating func readExpectation(_ node: Node) -> Expectation {
        var expectation = Expectation()
        guard let members = members(of: node, known: ["status", "contains"], what: "expect") else { return expectation }
        if let statusNode = members["status"] {
            var nodes = [statusNode]
            if case .sequence(let sequence) = statusNode { nodes = Array(sequence) }
            expectation.statuses = nodes.compactMap { readStatus($0) }
        }
        expectation.text = members["contains"].flatMap { text($0, "contains") }
        return expectation
    }

    private mutating func readStatus(_ node: Node) -> ClosedRange<Int>? {
        let written = node.string ?? "?"
        if let status = Int(written), (100...999).contains(status) { return status...status }
        if written.count == 3, written.hasSuffix("xx"), let digit = written.first?.wholeNumberValue,
            (1...5).contains(digit)
        {
            return digit * 100...digit * 100 + 99
        }
        report("\"\(written)\" is no status; write one like 200, 2xx or [200, 404]", at: node)
        return nil
    }

    private mutating func readCaptures(_ node: Node) -> [Capture] {
        guard case .mapping(let mapping) = node else {
            report("capture must be a mapping of names to sources, such as id: { json: items.0.id }", at: node)
            return []
        }
        return mapping.compactMap { key, value in
            let name = key.string ?? ""
            guard TextTemplate("{{\(name)}}").names == [name] else {
                report("\"\(name)\" is no name for a value; letters, digits, - and _ are", at: key)
                return nil
            }
            guard let members = members(of: value, known: ["json", "header", "pattern"], what: "the capture \(name)")
            else { return nil }
            guard members.count == 1, let (kind, sourceNode) = members.first else {
                report("the capture \(name) needs one source: json, header or pattern", at: value)
                return nil
            }
            guard let source = text(sourceNode, kind) else { return nil }
            switch kind {
            case "json": return Capture(name: name, source: .json(source.split(separator: ".").map(String.init)))
            case "header": return Capture(name: name, source: .header(source))
            default:
                guard (try? Regex(source)) != nil else {
                    report("the pattern \(source) is not a valid regular expression", at: sourceNode)
                    return nil
                }
                return Capture(name: name, source: .pattern(source))
            }
        }
    }

    private mutating func check(_ template: TextTemplate, at node: Node, names: [String]) {
        for name in template.names where !names.contains(name) {
            let advice =
                names.isEmpty
                ? "capture it in an earlier step or name a data file that has it"
                : "known here are \(names.joined(separator: ", "))"
            report("nothing fills {{\(name)}}; \(advice)", at: node)
        }
    }
}
