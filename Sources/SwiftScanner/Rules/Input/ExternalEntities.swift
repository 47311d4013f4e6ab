import SwiftSyntax

/// XML parsers told to load external entities.
struct ExternalEntities: Rule {
    let metadata = SwiftRule(
        id: "xml-external-entities",
        title: "XML external entities loaded",
        why:
            "A document names files and addresses of this machine as entities, and the parser fetches them into the result.",
        mend:
            "Leave `shouldResolveExternalEntities` false; give libxml2 `XML_PARSE_NONET` and neither `XML_PARSE_NOENT` nor "
            + "`XML_PARSE_DTDLOAD`.",
        cwe: [611, 776],
        severity: .high,
        examples: .init(
            wrong: [
                "parser.shouldResolveExternalEntities = true",
                "let document = try XMLDocument(data: data, options: [.nodeLoadExternalEntitiesAlways])",
                "let doc = xmlReadMemory(bytes, count, nil, nil, Int32(XML_PARSE_NOENT.rawValue))",
                "parser.externalEntityResolvingPolicy = .always",
            ],
            right: [
                "parser.shouldResolveExternalEntities = false",
                "let document = try XMLDocument(data: data, options: [.nodeLoadExternalEntitiesNever])",
                "let doc = xmlReadMemory(bytes, count, nil, nil, Int32(XML_PARSE_NONET.rawValue))",
            ]
        )
    )

    var words: [String] { ["entit", "xml_parse", "xinclude", "noent", "dtd"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for assignment in file.assignments {
            switch assignment.path.last {
            case "shouldResolveExternalEntities":
                let flag = Evaluator.value(of: assignment.value, in: file)
                if flag.boolean == true {
                    report.add(
                        assignment.node, in: assignment.scope, "external entities are resolved", confidence: .high)
                } else if flag.boolean == nil {
                    report.add(
                        assignment.node, in: assignment.scope, "external entities may be resolved", severity: .medium,
                        confidence: .low)
                }
            case "externalEntityResolvingPolicy" where ["always", "sameOriginOnly"].contains(assignment.memberName):
                report.add(
                    assignment.node, in: assignment.scope, "external entities are resolved",
                    severity: assignment.memberName == "always" ? .high : .low, confidence: .high)
            default: break
            }
        }
        for member in file.members(
            named: "nodeLoadExternalEntitiesAlways", "documentXInclude", "nodeLoadExternalEntitiesSameOriginOnly")
        {
            let name = member.node.declName.baseName.text
            report.add(
                member.node, in: member.scope, "`.\(name)` loads what the document names",
                severity: name == "nodeLoadExternalEntitiesAlways" ? .high : .medium, confidence: .high)
        }
        for name in [
            "XML_PARSE_NOENT", "XML_PARSE_DTDLOAD", "XML_PARSE_XINCLUDE", "XML_PARSE_DTDVALID", "XML_PARSE_HUGE",
        ] {
            for reference in file.references[name] ?? [] {
                report.add(
                    reference.node, in: reference.scope,
                    "`\(name)` \(name == "XML_PARSE_HUGE" ? "removes libxml2's limits" : "makes libxml2 load what the document names")",
                    severity: name == "XML_PARSE_NOENT" || name == "XML_PARSE_DTDLOAD" ? .high : .medium,
                    confidence: .high)
            }
        }
        for member in file.members(named: "NOENT", "DTDLOAD", "noent", "dtdLoad", "dtdload")
        where member.node.base == nil
            || ["ParseOption", "Option", "ParseOptions"].contains(member.node.base?.path().last)
        {
            report.add(
                member.node, in: member.scope, "`.\(member.node.declName.baseName.text)` loads what the document names",
                confidence: .medium)
        }
        for call in file.calls(named: "xmlSubstituteEntitiesDefault", "xmlLoadExtDtdDefaultValue")
        where call.arguments.first?.value.single?.integer == 1 {
            report.add(call, "entities are replaced for all documents", confidence: .high)
        }
    }
}
