import SwiftSyntax

/// Files that everybody may write, or whose name everybody can foretell.
struct LoosePermissions: Rule {
    let metadata = SwiftRule(
        id: "loose-permissions",
        title: "File that others may write",
        why:
            "Another account on the machine changes the file, or puts a link under the foretold name of a temporary one.",
        mend:
            "Use 0o600 for files and 0o700 for folders; make temporary files with `mkstemp` or a `UUID` in a folder of your own.",
        cwe: [732, 377],
        severity: .medium,
        examples: .init(
            wrong: [
                "try manager.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)",
                "chmod(path, 0o666)",
                "umask(0)",
                "let name = tmpnam(nil)",
                "let file = open(path, O_CREAT | O_WRONLY, 0o777)",
            ],
            right: [
                "try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)",
                "chmod(path, 0o644)",
                "umask(0o077)",
                "let descriptor = mkstemp(&template)",
            ]
        )
    )

    func check(_ file: SourceModel, _ report: inout Report) {
        for element in file.dictionaryElements
        where ["posixPermissions", "NSFilePosixPermissions"].contains(element.node.key.path(limit: 1).last ?? "") {
            if let mode = mode(Expression(element.node.value, in: element.scope), file), mode & 0o002 != 0 {
                report.add(
                    element.node, in: element.scope, "everybody may write: 0o\(String(mode, radix: 8))",
                    confidence: .high)
            }
        }
        for call in file.calls(named: "chmod", "fchmod", "mkdir", "open", "creat", "fchmodat", "mkfifo")
        where call.base == nil || CLibrary.names.contains(call.base ?? "") {
            guard let last = call.arguments.last, call.arguments.count >= 2, last.label == nil,
                call.name != "open" || call.arguments.count == 3
            else { continue }
            if let mode = mode(last.value, file), mode & 0o002 != 0, mode <= 0o7777,
                call.name != "mkdir" || mode & 0o1000 == 0,
                !["open", "mkdir", "creat"].contains(call.name) || mode == 0o777 || mode == 0o666
            {
                // The umask still takes bits from what these three ask for.
                report.add(
                    call, "everybody may write: 0o\(String(mode, radix: 8))",
                    severity: ["open", "mkdir", "creat"].contains(call.name) ? .low : .medium, confidence: .high)
            }
        }
        for call in file.calls(named: "umask")
        where call.base == nil && call.arguments.first?.value.single?.integer == 0 {
            report.add(call, "files are made so that everybody may write them", confidence: .medium)
        }
        for call in file.calls(named: "tmpnam", "tempnam", "mktemp") where call.base == nil && !call.arguments.isEmpty {
            report.add(call, "`\(call.name)` gives a name that another program can take first", confidence: .high)
        }
    }

    private static let bits = [
        "S_IRWXU": 0o700, "S_IRWXG": 0o070, "S_IRWXO": 0o007, "S_IWOTH": 0o002, "S_IROTH": 0o004, "S_IXOTH": 0o001,
        "S_IRUSR": 0o400, "S_IWUSR": 0o200, "S_IWGRP": 0o020, "S_IRGRP": 0o040, "ALLPERMS": 0o7777,
        "otherWrite": 0o002, "otherReadWriteExecute": 0o007, "otherReadWrite": 0o006,
    ]

    /// The permissions in numbers, written so or by their names in C.
    private func mode(_ value: Expression, _ file: SourceModel) -> Int? {
        if let mode = Evaluator.value(of: value, in: file).integer { return mode }
        let names = Set(value.elements.flatMap { $0.tokens(viewMode: .sourceAccurate).map(\.text) })
        let bits = Self.bits.filter { names.contains($0.key) }.values.reduce(0, |)
        if bits != 0 { return bits }
        guard let call = value.single?.as(FunctionCallExprSyntax.self), call.arguments.count == 1,
            let inner = call.arguments.first
        else { return nil }
        return Evaluator.value(of: Expression(inner.expression, in: value.scope), in: file).integer
    }
}
