import SwiftSyntax

/// Archives that may make objects of any class.
struct UnsafeUnarchiving: Rule {
    let metadata = SwiftRule(
        id: "unsafe-unarchiving",
        title: "Unarchiving without secure coding",
        why:
            "Without secure coding the archive decides which classes are made, and their initializers run on its data.",
        mend: "Use `NSKeyedUnarchiver.unarchivedObject(ofClass:from:)`, or Codable.",
        cwe: [502],
        severity: .high,
        examples: .init(
            wrong: [
                "let user = NSKeyedUnarchiver.unarchiveObject(with: data) as? User",
                "let user = try NSKeyedUnarchiver.unarchiveTopLevelObjectWithData(data)",
                "unarchiver.requiresSecureCoding = false",
                "final class User: NSObject, NSCoding {}",
                "let list = NSKeyedUnarchiver.unarchiveObject(withFile: path)",
                "let user = try NSKeyedUnarchiver.unarchivedObject(ofClasses: [NSObject.self], from: data)",
            ],
            right: [
                "let user = try NSKeyedUnarchiver.unarchivedObject(ofClass: User.self, from: data)",
                "unarchiver.requiresSecureCoding = true",
                "final class User: NSObject, NSSecureCoding { static var supportsSecureCoding: Bool { true } }",
                "let user = try JSONDecoder().decode(User.self, from: data)",
            ]
        )
    )

    var words: [String] { ["NSCoding", "secureCoding", "unarchive", "NSKeyedArchiver", "archivedData"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "unarchiveObject", "unarchiveTopLevelObjectWithData", "unarchiveTopLevelObject")
        where call.base == "NSKeyedUnarchiver" || call.base == "NSUnarchiver" {
            report.add(call, "`\(call.name)` makes objects of any class", confidence: .high)
        }
        for call in file.calls(named: "NSKeyedUnarchiver", "NSUnarchiver") where call.has("forReadingWith") {
            report.add(
                call, "an unarchiver made by `init(forReadingWith:)` does not demand secure coding", confidence: .high)
        }
        for call in file.calls(named: "unarchivedObject")
        where call.argument(anyOf: ["ofClasses", "ofClass"])?.text.contains("NSObject.self") == true {
            report.add(call, "`NSObject` allows every class", severity: .medium, confidence: .high)
        }
        for assignment in file.assignments
        where assignment.path.last == "requiresSecureCoding"
            && Evaluator.value(of: assignment.value, in: file).boolean == false
        {
            report.add(assignment.node, in: assignment.scope, "secure coding is switched off", confidence: .high)
        }
        for clause in file.inheritances {
            let names = clause.node.inheritedTypes.map { $0.type.trimmedText }
            guard names.contains("NSCoding"), !names.contains("NSSecureCoding") else { continue }
            report.add(
                clause.node, in: clause.scope, "`NSCoding` without `NSSecureCoding` can be unarchived as any class",
                severity: .low, confidence: .medium)
        }
        for binding in file.bindings where binding.name == "supportsSecureCoding" {
            guard binding.value.flatMap({ Evaluator.value(of: $0, in: file).boolean }) == false else { continue }
            report.add(
                binding.node, in: binding.scope, "secure coding is refused", severity: .medium, confidence: .high)
        }
        for call in file.calls(named: "archivedData", "NSKeyedArchiver")
        where call.argument("requiringSecureCoding")?.single?.trimmedText == "false" {
            report.add(
                call, "the archive is written without secure coding, so that it must be read without", severity: .low,
                confidence: .high)
        }
    }
}
