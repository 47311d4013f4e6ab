import SwiftSyntax

/// File paths joined with values from outside.
struct PathTraversal: Rule {
    let metadata = SwiftRule(
        id: "path-traversal",
        title: "File path from outside",
        why: "`../` in a value leads out of the folder it was joined to, an absolute path anywhere.",
        mend: "Take `lastPathComponent` only, or standardize the joined path and check that it still begins with the "
            + "folder; refuse names with `/`, `\\` and `..`.",
        cwe: [22, 23, 36],
        severity: .high,
        examples: .init(
            wrong: [
                #"""
                app.get("files", ":name") { req in
                    let name = req.parameters.get("name")!
                    return req.fileio.streamFile(at: "/srv/files/" + name)
                }
                """#,
                #"""
                func read(_ request: Request, context: Context) throws -> Data {
                    let name = try context.parameters.require("name")
                    return try Data(contentsOf: root.appendingPathComponent(name))
                }
                """#,
                #"let text = try String(contentsOfFile: "docs/\(CommandLine.arguments[1])", encoding: .utf8)"#,
                #"func open(fileName: String) -> Data? { FileManager.default.contents(atPath: "/srv/uploads/\(fileName)") }"#,
            ],
            right: [
                #"""
                app.get("files", ":name") { req in
                    let name = URL(fileURLWithPath: req.parameters.get("name")!).lastPathComponent
                    return req.fileio.streamFile(at: "/srv/files/" + name)
                }
                """#,
                #"""
                func read(_ request: Request, context: Context) throws -> Data {
                    let name = try context.parameters.require("name")
                    guard !name.contains("..") else { throw HTTPError(.badRequest) }
                    return try Data(contentsOf: root.appendingPathComponent(name))
                }
                """#,
                #"let data = try Data(contentsOf: folder.appendingPathComponent("settings.json"))"#,
                #"func load(id: UUID) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "/srv/\(id)")) }"#,
            ]
        )
    )

    /// Calls that open, write, move or remove a file, and the labels of their paths.
    private static let sinks: [String: Set<String>] = [
        "Data": ["contentsOf"], "NSData": ["contentsOf", "contentsOfFile"], "String": ["contentsOf", "contentsOfFile"],
        "NSString": ["contentsOfFile"],
        "FileHandle": [
            "forReadingAtPath", "forWritingAtPath", "forReadingFrom", "forWritingTo", "forUpdatingAtPath",
            "forUpdating",
        ],
        "contents": ["atPath"], "createFile": ["atPath"], "removeItem": ["atPath", "at"],
        "copyItem": ["atPath", "toPath", "at", "to"],
        "moveItem": ["atPath", "toPath", "at", "to"], "contentsOfDirectory": ["atPath", "at"],
        "createDirectory": ["atPath", "at"],
        "write": ["to", "toFile"], "streamFile": ["at", ""], "asyncStreamFile": ["at", ""], "collectFile": ["at"],
        "readFile": ["at", "path"], "writeFile": ["at", "path", "to"],
        "InputStream": ["fileAtPath", "url"], "OutputStream": ["toFileAtPath", "url"], "fopen": [""],
        "open": ["", "atPath"], "loadFile": ["path"],
        "openFile": ["path", "forReadingAt", "forWritingAt"], "unlink": [""], "remove": [""], "rename": [""],
        "rmdir": [""], "opendir": [""],
        "createSymbolicLink": ["atPath", "at"], "withFileHandle": ["forReadingAt", "forWritingAt"], "fileExists": [],
        "unzipItem": ["to"],
        "DatabaseQueue": ["path"], "ByteBuffer": ["contentsOf"], "extract": ["to"], "unzip": ["to", "destination"],
        "attributesOfItem": ["atPath"], "replaceItem": ["at"], "sqlite3_open": [""], "DatabasePool": ["path"],
        "dlopen": [""], "Bundle": ["path", "url"],
        "XMLParser": ["contentsOf"],
    ]

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: Self.sinks.keys) {
            guard let labels = Self.sinks[call.name] else { continue }
            for argument in call.arguments where labels.contains(argument.label ?? "") {
                check(argument.value, at: call, file, &report)
            }
        }
    }

    private func check(_ path: Expression, at call: Call, _ file: SourceModel, _ report: inout Report) {
        if call.base == nil, ["open", "remove", "rename", "unlink"].contains(call.name),
            call.arguments.contains(where: { $0.label != nil })
        {
            return
        }
        if let base = call.base, ["", "fopen", "remove", "rename", "open"].contains(call.name),
            !["Glibc", "Darwin", "FileManager", "default", "Foundation", "FileDescriptor"].contains(base)
        {
            return
        }
        let value = Evaluator.value(of: path, in: file, for: .path)
        guard value.isOpen, !isChecked(call.scope, file) else { return }
        if value.trust == .external {
            guard value.origin != "the command line" && value.origin != "standard input" || value.isComposed else {
                return
            }
            report.add(
                call, "the path given to `\(call.name)` is built from \(value.origin ?? "outside input")",
                severity: value.origin == "the command line" || value.origin == "standard input" ? .low : .high,
                confidence: .high)
        } else if let name = suspicious(value) {
            report.add(
                call, "the path given to `\(call.name)` is joined with `\(name)`, which nothing here checks",
                severity: .medium, confidence: .low)
        }
    }

    /// A parameter joined to a folder whose name says that somebody else chose it.
    private func suspicious(_ value: Value) -> String? {
        guard value.isComposed || value.parts.count > 1 else { return nil }
        for case .value(let node, .parameter, _) in value.parts.dropFirst() {
            let path = node.path(limit: 3)
            guard let name = path.last else { continue }
            let words = path.flatMap { NameWords($0).words }
            if !Set(words).isDisjoint(with: [
                "filename", "user", "input", "upload", "uploaded", "untrusted", "requested", "name", "attachment",
                "entry", "document", "relative", "subpath",
            ]) {
                return name
            }
        }
        return nil
    }

    /// Whether the function looks for `..` or compares the standardized path with its folder.
    private func isChecked(_ scope: Scope, _ file: SourceModel) -> Bool {
        guard let handler = scope.enclosingHandler else { return false }
        let tokens = file.words(in: handler)
        if tokens.contains("..") || tokens.contains("../") { return true }
        let normalizes = [
            "standardized", "standardizedFileURL", "standardizingPath", "resolvingSymlinksInPath",
            "lexicallyNormalized", "lexicallyResolving", "realpath",
        ].contains(where: tokens.contains)
        if tokens.contains("lexicallyResolving") { return true }
        if normalizes, tokens.contains("hasPrefix") || tokens.contains("starts") { return true }
        let membership =
            tokens.contains("allowed")
            || tokens.contains { $0.hasPrefix("allowed") || $0.hasPrefix("whitelist") || $0.hasPrefix("permitted") }
        return membership && tokens.contains("contains")
            || tokens.contains("guard") && tokens.contains("allSatisfy")
            || tokens.contains("guard") && (tokens.contains("isValidFilename") || tokens.contains("wholeMatch"))
    }
}
