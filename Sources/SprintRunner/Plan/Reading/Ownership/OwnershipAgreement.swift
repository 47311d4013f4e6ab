/// What an agent owns when several places of the plan say so: everything any of them names, with a diagnostic where
/// they differ.
struct OwnershipAgreement {
    private(set) var files: [SprintPlan.OwnedFile] = []
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []

    init(_ statements: [OwnershipStatement], agent: String) {
        let clear = statements.filter(\.isClear)
        let used = clear.isEmpty ? statements : clear
        for file in used.flatMap(\.files) { merge(file) }
        guard !clear.isEmpty, let first = used.first else { return }
        let expected = Set(first.files.map(\.path))
        for other in used.dropFirst() {
            let found = Set(other.files.map(\.path))
            let missing = expected.subtracting(found).map(\.description).sorted()
            let added = found.subtracting(expected).map(\.description).sorted()
            guard !missing.isEmpty || !added.isEmpty else { continue }
            let differences = [
                added.isEmpty ? nil : "only here: \(added.joined(separator: ", "))",
                missing.isEmpty ? nil : "only on line \(first.line): \(missing.joined(separator: ", "))",
            ]
            diagnostics.append(
                .init(
                    line: other.line,
                    severity: .warning,
                    code: .ownershipDisagrees,
                    message: "what agent \(agent) owns differs from line \(first.line) ("
                        + differences.compactMap { $0 }.joined(separator: "; ")
                        + "); all of it is taken: make the two lists the same"
                )
            )
        }
    }

    private mutating func merge(_ file: SprintPlan.OwnedFile) {
        guard let index = files.firstIndex(where: { $0.path == file.path }) else {
            files.append(file)
            return
        }
        files[index].note = files[index].note ?? file.note
        files[index].isNew = files[index].isNew || file.isNew
        files[index].isAppendOnly = files[index].isAppendOnly || file.isAppendOnly
    }
}
