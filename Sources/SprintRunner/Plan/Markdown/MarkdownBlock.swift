/// One line of a plan.
struct SourceLine {
    /// Counted from 1 in the whole plan, also where a prompt is read on its own.
    let number: Int
    /// The text without its line end.
    let text: Substring
}

/// One block of a plan's Markdown.
///
/// Blocks are flat: what belongs to a heading or a list item follows from levels and indents, which plans get wrong too
/// often for a tree to be trusted.
struct MarkdownBlock {
    enum Kind {
        /// A heading, or a line that works as one.
        case heading(level: HeadingLevel, text: String)
        /// A list item with its indented continuation lines joined by spaces.
        case item(marker: ListMarker, indent: Int, text: String)
        /// Lines of running text; plans often give each line a meaning of its own.
        case paragraph([SourceLine])
        case fence(MarkdownFence)
        case table(MarkdownTable)
        case thematicBreak
        case comment
    }

    let kind: Kind
    /// The number of its first line.
    let line: Int
}

/// How deep a heading stands: 1 to 6 as in Markdown, then lines that plans use as headings.
enum HeadingLevel: Hashable, Comparable {
    case marked(Int)
    /// A line all in bold: `**File Ownership:**`.
    case bold
    /// A plain line that ends with a colon or is all in capitals: `FILES YOU OWN:`.
    case plain

    private var depth: Int {
        switch self {
        case .marked(let level): level
        case .bold: 7
        case .plain: 8
        }
    }

    static func < (left: HeadingLevel, right: HeadingLevel) -> Bool {
        left.depth < right.depth
    }
}

/// A fenced block, or a `Task(… prompt="""…""")` call that stands without a fence.
struct MarkdownFence {
    /// What follows the opening fence, such as `bash`, in lower case.
    let info: String
    let lines: ArraySlice<SourceLine>

    var text: String {
        lines.map(\.text).joined(separator: "\n")
    }
}

struct MarkdownTable {
    struct Row {
        let line: Int
        let cells: [String]
    }

    let header: [String]
    let rows: [Row]
}
