import SwiftSyntax

/// Secrets on the general pasteboard.
struct PasteboardSecret: Rule {
    let metadata = SwiftRule(
        id: "secret-on-pasteboard",
        title: "Secret on the pasteboard",
        why: "Every app, and with Universal Clipboard every device nearby, reads the general pasteboard.",
        mend:
            "Do not copy secrets; where people must, use `setItems(_:options:)` with `.localOnly` and an expiration date.",
        cwe: [200, 919],
        severity: .medium,
        examples: .init(
            wrong: [
                "UIPasteboard.general.string = password",
                #"NSPasteboard.general.setString(recoveryCode, forType: .string)"#,
            ],
            right: [
                "UIPasteboard.general.string = article.title",
                "let text = UIPasteboard.general.string",
            ]
        )
    )

    var words: [String] { ["pasteboard"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for assignment in file.assignments
        where assignment.path.contains("general") && assignment.target.trimmedText.contains("asteboard") {
            guard let name = SensitiveUse.name(in: assignment.value, of: file) else { continue }
            report.add(
                assignment.node, in: assignment.scope, "`\(name)` is put on the general pasteboard", confidence: .high)
        }
        for call in file.calls(named: "setString", "setValue", "setItems", "setData")
        where call.path.joined().lowercased().contains("pasteboard") {
            guard let value = call.unlabelled, !call.has("options"), let name = SensitiveUse.name(in: value, of: file)
            else { continue }
            report.add(call, "`\(name)` is put on the general pasteboard", confidence: .high)
        }
    }
}
