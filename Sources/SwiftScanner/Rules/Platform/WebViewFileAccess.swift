import SwiftSyntax

/// Web views that may read files, and UIWebView.
struct WebViewFileAccess: Rule {
    let metadata = SwiftRule(
        id: "web-view-file-access",
        title: "Web view with access to files",
        why:
            "A page loaded from a file or the net reads the app's files, and through universal access sends them anywhere.",
        mend: "Leave these settings off; use WKWebView with `loadFileURL(_:allowingReadAccessTo:)` of one folder.",
        cwe: [749, 200],
        severity: .medium,
        examples: .init(
            wrong: [
                #"configuration.preferences.setValue(true, forKey: "allowFileAccessFromFileURLs")"#,
                #"configuration.setValue(true, forKey: "allowUniversalAccessFromFileURLs")"#,
                "let view = UIWebView(frame: .zero)",
                #"webView.loadFileURL(page, allowingReadAccessTo: URL(fileURLWithPath: "/"))"#,
            ],
            right: [
                #"configuration.setValue(false, forKey: "allowUniversalAccessFromFileURLs")"#,
                "let view = WKWebView(frame: .zero)",
                "webView.loadFileURL(page, allowingReadAccessTo: page.deletingLastPathComponent())",
            ]
        )
    )

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "setValue", "set") {
            guard let key = call.argument("forKey")?.single?.literalText,
                [
                    "allowFileAccessFromFileURLs", "allowUniversalAccessFromFileURLs",
                    "_allowUniversalAccessFromFileURLs",
                ].contains(key), let value = call.unlabelled?.single?.trimmedText,
                ["true", "1", "NSNumber(value: true)"].contains(value)
            else { continue }
            report.add(call, "`\(key)` is switched on", confidence: .high)
        }
        for call in file.calls(named: "UIWebView") {
            report.add(
                call, "`UIWebView` has no separate process and is no longer mended", severity: .low, confidence: .high)
        }
        for call in file.calls(named: "loadFileURL") {
            guard let folder = call.argument("allowingReadAccessTo") else { continue }
            let value = Evaluator.value(of: folder, in: file)
            let names = folder.single?.path() ?? []
            if value.text == "/" || names.contains("homeDirectoryForCurrentUser") || names.last == "NSHomeDirectory()"
                || folder.text.contains("documentDirectory")
            {
                report.add(call, "the page may read a whole tree of files", confidence: .medium)
            }
        }
    }
}
