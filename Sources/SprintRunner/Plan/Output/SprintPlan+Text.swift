extension SprintPlan {
    /// What was understood, for people: what `pitwall sprint plan` prints.
    public func text() -> String {
        var lines: [String] = []
        let number = sprint.map { "Sprint \($0)" }
        let name = [number, title == number ? nil : title].compactMap { $0 }.joined(separator: ": ")
        lines.append("\(name.isEmpty ? "Plan" : name) (\(agents.count) agents)")
        for agent in agents { lines += [""] + agent.summary() }
        lines.append("")
        lines.append("Merge order: " + mergeOrder.map { $0.joined(separator: " + ") }.joined(separator: " → "))
        lines.append("Tag: \(tag ?? "none")")
        lines += tests.isEmpty ? ["Test: none"] : tests.map { "Test: \($0.script)" }
        lines += concatenations.map { "Then: \($0)" }
        lines += conflictPolicies.map { "Conflicts: \($0.text)" }
        lines.append("Push: \(push ?? "none")")
        if !diagnostics.isEmpty { lines += [""] + diagnostics.map(\.description) }
        return lines.joined(separator: "\n")
    }
}

extension SprintPlan.Agent {
    fileprivate func summary() -> [String] {
        var lines = ["\(id)  \(title)"]
        if !startsAfter.isEmpty { lines.append("  starts after  " + startsAfter.joined(separator: ", ")) }
        for file in owned {
            let remarks = [file.isNew ? "new" : nil, file.isAppendOnly ? "append only" : nil, file.note]
            let note = remarks.compactMap { $0 }.joined(separator: ", ")
            lines.append("  owns          \(file.path)" + (note.isEmpty ? "" : " (\(note))"))
        }
        lines += outputs.map { "  writes        \($0)" }
        lines += append.map { "  appends to    \($0)" }
        lines += deny.map { "  not to touch  \($0)" }
        if let commit { lines.append("  commits       \(commit)") }
        let words = prompt.split { $0.isWhitespace }.count
        lines.append("  prompt        \(words) words, from line \(line)")
        return lines
    }
}
