import SwiftSyntax

/// JavaScript put together from values and run.
struct ScriptInjection: Rule {
    let metadata = SwiftRule(
        id: "javascript-injection",
        title: "JavaScript built from values",
        why: "A quote in the value ends the string it was put into; what follows runs with the page's rights.",
        mend:
            "Give values as arguments: `callAsyncJavaScript(_:arguments:)`, `JSValue.call(withArguments:)`, or encode them with `JSONEncoder`.",
        cwe: [94, 95, 79],
        severity: .high,
        examples: .init(
            wrong: [
                #"func show(name: String) { webView.evaluateJavaScript("greet('\(name)')") }"#,
                #"let result = context.evaluateScript("f(" + input + ")")"#,
                #"let script = WKUserScript(source: "var user = '\(user)'", injectionTime: .atDocumentStart, forMainFrameOnly: true)"#,
                #"webView.stringByEvaluatingJavaScript(from: "set('\(value)')")"#,
            ],
            right: [
                #"webView.evaluateJavaScript("document.title")"#,
                #"func scroll(to y: Int) { webView.evaluateJavaScript("window.scrollTo(0, \(y))") }"#,
                #"webView.callAsyncJavaScript("greet(name)", arguments: ["name": name], in: nil, in: .page)"#,
            ]
        )
    )

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "eval")
        where call.path.contains(where: ["JSObject", "window", "global"].contains) {
            guard let script = call.unlabelled else { continue }
            let value = Evaluator.value(of: script, in: file, for: .script)
            guard value.isOpen else { continue }
            report.add(call, "the script given to `eval` is built from values", confidence: value.confidence)
        }
        for call in file.calls(
            named: "evaluateJavaScript", "evaluateScript", "callAsyncJavaScript", "stringByEvaluatingJavaScript",
            "WKUserScript")
        {
            guard let script = call.unlabelled ?? call.argument(anyOf: ["from", "source", "javaScript"]) else {
                continue
            }
            let value = Evaluator.value(of: script, in: file, for: .script)
            guard value.isOpen else { continue }
            let isWhole = !value.isComposed && value.trust != .external
            report.add(
                call,
                "the script given to `\(call.name)` is built from values" + (value.origin.map { ": \($0)" } ?? ""),
                severity: isWhole ? .low : .high, confidence: isWhole ? .low : value.confidence)
        }
    }
}
