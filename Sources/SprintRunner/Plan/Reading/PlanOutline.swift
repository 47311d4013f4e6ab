/// A document's blocks with the headings they stand under.
struct PlanOutline {
    let document: MarkdownDocument
    /// For each block the index of the heading it stands under.
    private let parents: [Int?]
    /// For each block the index after the last one that belongs to it; for anything but a heading the next index.
    private let ends: [Int]
    /// For each block the roles of all headings above it, and for a heading its own as well.
    private let roles: [Set<SectionRole>]
    /// For a heading its own roles alone.
    private let ownRoles: [Int: Set<SectionRole>]

    var blocks: [MarkdownBlock] { document.blocks }

    init(_ document: MarkdownDocument) {
        self.document = document
        var parents: [Int?] = []
        var ends = Array(1..<(document.blocks.count + 1))
        var roles: [Set<SectionRole>] = []
        var ownRoles: [Int: Set<SectionRole>] = [:]
        var open: [(level: HeadingLevel, index: Int)] = []
        let title = document.blocks.firstIndex {
            if case .heading(.marked(1), _) = $0.kind { true } else { false }
        }
        for (index, block) in document.blocks.enumerated() {
            if case .heading(let level, let text) = block.kind {
                while let last = open.last, last.level >= level {
                    ends[last.index] = index
                    open.removeLast()
                }
                parents.append(open.last?.index)
                // The title says what the sprint is about, not what stands below it: "Honeypot Landing".
                let own = SectionRole.roles(of: text)
                ownRoles[index] = own
                roles.append((open.last.map { roles[$0.index] } ?? []).union(index == title ? [] : own))
                open.append((level, index))
            } else {
                parents.append(open.last?.index)
                roles.append(open.last.map { roles[$0.index] } ?? [])
            }
        }
        for heading in open { ends[heading.index] = document.blocks.count }
        self.parents = parents
        self.ends = ends
        self.roles = roles
        self.ownRoles = ownRoles
    }

    /// The heading of a block's section.
    func parent(of index: Int) -> Int? { parents[index] }

    /// The blocks below a heading, without the heading itself.
    func section(of index: Int) -> Range<Int> { (index + 1)..<max(index + 1, ends[index]) }

    /// The list items that stand deeper than one, right below it.
    func nested(in index: Int) -> Range<Int> {
        guard case .item(_, let indent, _) = blocks[index].kind else { return (index + 1)..<(index + 1) }
        let end = blocks[(index + 1)...].firstIndex { block in
            if case .item(_, let inner, _) = block.kind { inner <= indent } else { true }
        }
        return (index + 1)..<(end ?? blocks.count)
    }

    func heading(_ index: Int) -> (level: HeadingLevel, text: String)? {
        if case .heading(let level, let text) = blocks[index].kind { (level, text) } else { nil }
    }

    /// The roles of all headings above a block.
    func roles(above index: Int) -> Set<SectionRole> {
        parents[index].map { roles[$0] } ?? []
    }

    /// The roles of the heading right above a block.
    func nearestRoles(above index: Int) -> Set<SectionRole> {
        parents[index].flatMap { ownRoles[$0] } ?? []
    }

    /// A heading's own roles; none for any other block.
    func headingRoles(_ index: Int) -> Set<SectionRole> {
        ownRoles[index] ?? []
    }

    /// The number of the line after the blocks of a range, so that their source text can be cut out.
    func endLine(of range: Range<Int>) -> Int {
        range.upperBound < blocks.count
            ? blocks[range.upperBound].line : (document.lines.last?.number ?? 0) + 1
    }

    /// The source lines of a range of line numbers.
    func lines(_ numbers: Range<Int>) -> ArraySlice<SourceLine> {
        let first = document.lines.startIndex + max(0, numbers.lowerBound - document.firstLine)
        let last = document.lines.startIndex + max(0, numbers.upperBound - document.firstLine)
        let end = min(last, document.lines.endIndex)
        return document.lines[min(first, end)..<end]
    }
}
