/// The audited sources, read once for what findings need of them.
struct FindingSources {
    let inventory: FileInventory

    /// Adds snippet, code, enclosing declarations and line hash to findings, and takes out what must not be printed.
    ///
    /// - Returns: The findings, and the secrets that are known of all files.
    func complete(_ findings: [Finding]) -> (findings: [Finding], secrets: KnownSecrets) {
        var groups: [(findings: [Finding], secrets: KnownSecrets)] = []
        var everywhere = KnownSecrets()
        for (file, group) in Dictionary(grouping: findings, by: \.file).sorted(by: { $0.key < $1.key }) {
            let source = SourceText(path: inventory.absolute(file))
            let hashes = source.map { LineHash.hashes(of: $0.bytes, lines: Set(group.map(\.line))) } ?? [:]
            var group = group
            var secrets = KnownSecrets()
            for index in group.indices {
                group[index].title = Self.oneLine(group[index].title)
                guard let source else { continue }
                Self.complete(&group[index], from: source)
                group[index].lineHash = hashes[group[index].line]
                secrets.add(group[index], in: source)
            }
            everywhere.addTexts(of: secrets)
            groups.append((group, secrets))
        }
        let result = groups.flatMap { group, secrets in
            var secrets = secrets
            secrets.elsewhere = everywhere.byBeginning
            return group.map { finding in
                var finding = finding
                finding.redact(secrets)
                return finding
            }
        }
        return (result, everywhere)
    }

    private static func complete(_ finding: inout Finding, from source: SourceText) {
        guard var region = finding.region, region.startLine <= source.lineCount else {
            finding.region = finding.region.map { _ in Region(startLine: source.lineCount) }
            return
        }
        region.endLine = min(region.endLine, source.lineCount)
        if finding.columnsAreBytes {
            region.startColumn = region.startColumn.map { source.column(ofByte: $0 - 1, inLine: region.startLine) }
            region.endColumn = region.endColumn.map { source.column(ofByte: $0 - 1, inLine: region.endLine) }
            finding.columnsAreBytes = false
        }
        finding.region = region
        if finding.snippet.isEmpty { finding.snippet = source.snippet(of: region) }
        // An advisory is known by its package, whatever line names it.
        if finding.code.isEmpty, finding.advisory == nil { finding.code = source.code(of: region) }
        if finding.declaration.isEmpty, finding.file.hasSuffix(".py") {
            finding.declaration = PythonDeclarations.enclosing(line: region.startLine, in: source)
        }
    }

    /// Prose that explains the comment is not one, and JSON has none: an earlier report is full of other files' lines.
    private static let withoutComments = [
        ".md", ".markdown", ".txt", ".rst", ".adoc", ".json", ".sarif", ".ipynb", ".log",
    ]

    /// Suppressions written as comments in source files, and mistakes in them.
    func suppressions() -> (suppressions: [Suppression], notes: [SuppressionNote]) {
        var all: (suppressions: [Suppression], notes: [SuppressionNote]) = ([], [])
        for file in inventory.files where !Self.withoutComments.contains(where: file.hasSuffix) {
            guard let source = SourceText(path: inventory.absolute(file), containing: "pitwall:ignore") else {
                continue
            }
            let found = SuppressionComments.read(source, file: file)
            all.suppressions += found.suppressions.map { suppression in
                var suppression = suppression
                suppression.exactFile = file
                return suppression
            }
            all.notes += found.notes
        }
        return all
    }

    private static func oneLine(_ text: String) -> String {
        let words = text.split { $0.isWhitespace }.joined(separator: " ")
        return words.count > 400 ? words.prefix(399) + "…" : words
    }
}
