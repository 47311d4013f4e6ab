import SwiftSyntax

/// Files without data protection.
struct UnprotectedFile: Rule {
    let metadata = SwiftRule(
        id: "file-protection-none",
        title: "File without data protection",
        why: "The file is not encrypted with the passcode: it can be read from a locked device.",
        mend: "Use `.completeFileProtection`, or `.completeUntilFirstUserAuthentication` for background work.",
        cwe: [311],
        severity: .medium,
        examples: .init(
            wrong: [
                "try data.write(to: url, options: .noFileProtection)",
                "try data.write(to: url, options: [.atomic, .noFileProtection])",
                "try manager.setAttributes([.protectionKey: FileProtectionType.none], ofItemAtPath: path)",
            ],
            right: [
                "try data.write(to: url, options: .completeFileProtection)",
                "try manager.setAttributes([.protectionKey: FileProtectionType.complete], ofItemAtPath: path)",
            ]
        )
    )

    var words: [String] { ["fileProtection"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for member in file.members(named: "noFileProtection") {
            report.add(member.node, in: member.scope, "the file is written without data protection", confidence: .high)
        }
        for member in file.members(named: "none") where member.node.base?.trimmedText == "FileProtectionType" {
            report.add(member.node, in: member.scope, "the file is left without data protection", confidence: .high)
        }
        for assignment in file.assignments
        where assignment.path.last == "fileProtection" && assignment.memberName == "none" {
            report.add(
                assignment.node, in: assignment.scope, "the file is left without data protection", confidence: .high)
        }
    }
}
