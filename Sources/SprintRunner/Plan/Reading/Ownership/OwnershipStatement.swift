/// One place of a plan that says what an agent owns.
struct OwnershipStatement {
    var files: [SprintPlan.OwnedFile] = []
    let line: Int
    /// False for a list headed "Files" or the like, which counts only where nothing clearer is said.
    let isClear: Bool
}

/// What a reader of file lists found, with what it could not use.
struct FileFindings {
    var files: [SprintPlan.OwnedFile] = []
    var diagnostics: [SprintPlan.Diagnostic] = []

    mutating func add(_ text: some StringProtocol, line: Int, mode: FileMode = []) {
        let list = FileList(text, line: line, mode: mode)
        files += list.files
        diagnostics += list.prose.map { Self.notAPath($0, line: line) }
    }

    static func notAPath(_ text: String, line: Int) -> SprintPlan.Diagnostic {
        let quoted = text.count > 80 ? text.prefix(77) + "…" : text[...]
        let isOutside = text.contains("..") || text.hasPrefix("/") || text.hasPrefix("`/") || text.hasPrefix("~")
        guard isOutside, !text.contains(" ") else {
            return .init(
                line: line,
                severity: .warning,
                code: .notAPath,
                message: "\"\(quoted)\" is no path and is not taken as one: name the files"
            )
        }
        return .init(
            line: line,
            severity: .warning,
            code: .badPath,
            message: "\"\(quoted)\" does not lie in the repository: write the path from the repository's root"
        )
    }
}
