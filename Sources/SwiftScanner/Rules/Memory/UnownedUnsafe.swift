import SwiftSyntax

/// `unowned(unsafe)` and `nonisolated(unsafe)`.
struct UnownedUnsafe: Rule {
    let metadata = SwiftRule(
        id: "unowned-unsafe",
        title: "Reference without checks",
        why: "`unowned(unsafe)` reads freed memory when the object is gone; `nonisolated(unsafe)` lets threads race.",
        mend: "Use `weak` or `unowned`; protect shared state with an actor, `Mutex` or `Atomic`.",
        cwe: [416, 362],
        severity: .medium,
        examples: .init(
            wrong: [
                "final class View { unowned(unsafe) let owner: Owner }",
                "nonisolated(unsafe) var count = 0",
                "let task = { [unowned(unsafe) self] in self.run() }",
            ],
            right: [
                "final class View { unowned let owner: Owner }",
                "final class View { weak var owner: Owner? }",
                "nonisolated let count = 0",
            ]
        )
    )

    var words: [String] { ["unsafe"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for modifier in file.modifiers where modifier.node.detail?.detail.text == "unsafe" {
            let isConstant = modifier.node.parent?.parent?.as(VariableDeclSyntax.self)?.bindingSpecifier.text == "let"
            switch modifier.node.name.text {
            case "unowned":
                report.add(modifier.node, in: modifier.scope, "`unowned(unsafe)` is not checked", confidence: .high)
            case "nonisolated" where !isConstant:
                report.add(
                    modifier.node, in: modifier.scope,
                    "`nonisolated(unsafe)` state can be changed by two threads at once", severity: .low,
                    confidence: .medium)
            default: break
            }
        }
        for closure in file.closures {
            for capture in closure.node.signature?.capture?.items ?? []
            where capture.specifier?.specifier.text == "unowned" && capture.specifier?.detail?.text == "unsafe" {
                report.add(capture, in: closure.scope, "`unowned(unsafe)` is not checked", confidence: .high)
            }
        }
    }
}
