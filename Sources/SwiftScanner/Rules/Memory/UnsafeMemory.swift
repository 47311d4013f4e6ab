import SwiftSyntax

/// Memory touched without the compiler's checks.
struct UnsafeMemory: Rule {
    let metadata = SwiftRule(
        id: "unsafe-memory",
        title: "Unchecked memory access",
        why: "A wrong type, length or lifetime here overwrites other memory instead of trapping.",
        mend:
            "Use `Span`, arrays or `withUnsafeBytes` with bounds-checked buffers; prove in a comment why a pointer is right.",
        cwe: [119, 787, 843],
        severity: .low,
        examples: .init(
            wrong: [
                "let number = unsafeBitCast(value, to: Int.self)",
                "let view = unsafeDowncast(object, to: View.self)",
                "let pointer = UnsafeMutablePointer<Int>.allocate(capacity: 4)",
                "let value = optional.unsafelyUnwrapped",
                "let typed = raw.assumingMemoryBound(to: Header.self)",
                "let view = Unmanaged<View>.fromOpaque(context).takeUnretainedValue()",
                "let raw = UnsafeRawPointer(bitPattern: 0x1000)",
            ],
            right: [
                "let total = bytes.withUnsafeBytes { $0.count }",
                "data.withUnsafeBytes { write($0.bindMemory(to: UInt8.self)) }",
                "func read(_ pointer: UnsafeRawPointer) {}",
                "let value = optional!",
            ]
        )
    )

    private static let functions: Set<String> = [
        "unsafeBitCast", "unsafeDowncast", "assumingMemoryBound", "fromOpaque", "alloca", "unsafeAddress",
    ]

    private func isC(_ call: Call) -> Bool { call.base == nil || CLibrary.names.contains(call.base ?? "") }

    var words: [String] {
        ["unsafe", "assumingMemoryBound", "fromOpaque", "alloc", "memcpy", "memmove"]
    }

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: Self.functions) {
            report.add(call, "`\(call.name)` is not checked", confidence: .medium)
        }
        for call in file.calls(named: "malloc", "calloc", "realloc") where isC(call) && !call.arguments.isEmpty {
            report.add(call, "memory is managed by hand", confidence: .low)
        }
        for call in file.calls(named: "memcpy", "memmove") where isC(call) && call.arguments.count == 3 {
            let count = call.arguments[2].value
            if count.text.contains("MemoryLayout") || count.text.contains("min(")
                || Evaluator.value(of: count, in: file).trust < .harmless
            {
                continue
            }
            report.add(call, "`\(call.name)` writes as many bytes as it is told", confidence: .low)
        }
        for call in file.calls where call.name.hasPrefix("Unsafe") && call.has("bitPattern") {
            report.add(call, "a pointer is made of a number", confidence: .high)
        }
        for call in file.calls(named: "allocate") where call.base?.hasPrefix("Unsafe") == true {
            report.add(call, "memory is managed by hand", confidence: .low)
        }
        for member in file.members(named: "unsafelyUnwrapped") {
            report.add(member.node, in: member.scope, "`unsafelyUnwrapped` of nil is undefined", confidence: .high)
        }
    }
}
