import SwiftSyntax

/// C functions that write without knowing how much fits.
struct UnboundedCopy: Rule {
    let metadata = SwiftRule(
        id: "unbounded-c-copy",
        title: "C copy without a bound",
        why: "These functions write until the input ends, not until the buffer does.",
        mend: "Use Swift's strings and arrays, or `strlcpy`, `snprintf`, `fgets` with the buffer's size.",
        cwe: [120, 676],
        severity: .high,
        examples: .init(
            wrong: [
                "strcpy(&buffer, text)",
                "strcat(buffer, name)",
                "gets(&line)",
                "vsprintf(buffer, format, arguments)",
            ],
            right: [
                "strlcpy(&buffer, text, buffer.count)",
                "snprintf(ptr: buffer, size, format)",
                "matrix.gets(1)",
            ]
        )
    )

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "strcpy", "strcat", "gets", "sprintf", "vsprintf", "stpcpy", "wcscpy", "wcscat") {
            guard call.base == nil || CLibrary.names.contains(call.base ?? ""),
                !call.arguments.isEmpty, call.arguments.allSatisfy({ $0.label == nil })
            else { continue }
            guard file.functionsByName[call.name] == nil else { continue }
            report.add(call, "`\(call.name)` writes without a bound", confidence: .high)
        }
    }
}
