import SwiftSyntax

/// HTML put together from values.
struct HTMLInjection: Rule {
    let metadata = SwiftRule(
        id: "html-injection",
        title: "HTML built from values",
        why: "A value with `<script>` in it becomes part of the page and acts as the reader: cross-site scripting.",
        mend:
            "Use a template engine that escapes (Mustache's `{{ }}`, Leaf), or escape `&`, `<`, `>`, quotes yourself.",
        cwe: [79],
        severity: .medium,
        examples: .init(
            wrong: [
                #"""
                app.get("hello") { req in
                    let name = req.query["name"] ?? ""
                    return Response(status: .ok, body: .init(string: "<h1>Hello \(name)</h1>"))
                }
                """#,
                #"webView.loadHTMLString("<p>\(comment)</p>", baseURL: nil)"#,
                #"webView.loadHTMLString(message, baseURL: URL(string: "https://shop.com"))"#,
            ],
            right: [
                #"webView.loadHTMLString("<p>Nothing here</p>", baseURL: nil)"#,
                #"""
                app.get("hello") { req in
                    let name = (req.query["name"] ?? "").htmlEscaped()
                    return Response(status: .ok, body: .init(string: "<h1>Hello \(name)</h1>"))
                }
                """#,
                #"let tag = "<\(name)>""#,
            ]
        )
    )

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "loadHTMLString", "load") {
            guard let html = call.name == "load" ? call.argument("htmlString") : call.unlabelled else { continue }
            let value = Evaluator.value(of: html, in: file, for: .script)
            guard value.isOpen else { continue }
            report.add(
                call, "the page given to `\(call.name)` is built from values" + (value.origin.map { ": \($0)" } ?? ""),
                confidence: value.isComposed || value.trust == .external ? value.confidence : .low)
        }
        checkTemplates(file, &report)
        for string in file.strings where string.isInterpolated {
            guard let first = string.node.segments.first?.as(StringSegmentSyntax.self)?.content.text,
                looksLikeHTML(first), !report.covers(string.node.range)
            else { continue }
            check(Expression(string.node, in: string.scope), file, &report)
        }
        for sequence in file.sequences {
            guard let start = sequence.elements.firstIndex(where: { $0.literalText.map(looksLikeHTML) == true }) else {
                continue
            }
            let sum = sequence.elements[start...]
            let symbols = sum.compactMap { $0.as(BinaryOperatorExprSyntax.self)?.operator.text }
            let text = Expression(elements: sum, in: sequence.scope)
            guard !symbols.isEmpty, symbols.allSatisfy({ $0 == "+" }), !report.covers(text.range) else { continue }
            check(text, file, &report)
        }
    }

    /// A page that is put together from what came from outside, wherever it goes.
    private func check(_ html: Expression, _ file: SourceModel, _ report: inout Report) {
        let value = Evaluator.value(of: html, in: file, for: .script)
        guard value.trust == .external, !["the command line", "standard input"].contains(value.origin) else { return }
        report.add(
            html.range, in: html.scope, "HTML is built from \(value.origin ?? "outside input")", severity: .high,
            confidence: .medium)
    }

    /// `{{{name}}}` and `{{&name}}` of Mustache put text in as it is.
    private func checkTemplates(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "MustacheTemplate", "Template") {
            guard let text = call.argument(anyOf: ["string", "templateString"])?.single?.literalText,
                text.contains("{{{") || text.contains("{{&")
            else { continue }
            report.add(call, "the template puts values in without escaping them", severity: .low, confidence: .low)
        }
    }

    private func looksLikeHTML(_ text: String) -> Bool {
        let start = text.drop(while: \.isWhitespace).lowercased()
        return [
            "<h", "<p", "<div", "<!doctype", "<span", "<a ", "<li", "<td", "<b>", "<body", "<script", "<table", "<ul",
            "<img", "<input", "<title", "<strong", "<em",
        ].contains { start.hasPrefix($0) }
    }
}
