/// The files that one entry of an ownership list names: `a.py (append section), b.html (NEW). ZERO shared files.`
struct FileList {
    private(set) var files: [SprintPlan.OwnedFile] = []
    /// Stretches that stand where a path is expected and are none.
    private(set) var prose: [String] = []

    private let line: Int
    private let mode: FileMode
    /// The last file's note follows a dash, and goes on over commas: `app.py — routes, models and forms`.
    private var noteIsOpen = false

    /// - Parameter mode: what the heading or column around the entry says of all its files.
    init(_ text: some StringProtocol, line: Int, mode: FileMode = []) {
        self.line = line
        self.mode = mode
        let text = Inline.withoutEmphasis(text).replacing("<br>", with: ",").replacing("<br/>", with: ",")
        for segment in Self.segments(of: text) { read(segment) }
    }

    /// Splits at commas and semicolons outside brackets and code.
    static func segments(of text: String) -> [Substring] {
        var segments: [Substring] = []
        var start = text.startIndex
        var depth = 0
        var isCode = false
        for index in text.indices {
            switch text[index] {
            case "`": isCode.toggle()
            case "(", "[", "{": if !isCode { depth += 1 }
            case ")", "]", "}": if !isCode { depth = max(0, depth - 1) }
            case ",", ";":
                guard depth == 0, !isCode else { continue }
                segments.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        segments.append(text[start...])
        return segments
    }

    private mutating func read(_ segment: Substring) {
        var rest = Self.withoutLead(segment)
        guard !rest.isEmpty else { return }
        let found = mode.union(FileMode.takePrefix(of: &rest))
        let (token, isCode, after) = Self.token(of: rest)
        let following = after.trimmed
        if let path = PathToken.listed(token, isCode: isCode, isAlone: Self.isNote(following)) {
            let endsSentence = !isCode && token.hasSuffix(".") && !following.isEmpty
            add(path, found, notes: endsSentence ? ". " + following : String(following))
        } else if let directory = Self.everythingIn(rest) {
            files.append(.init(path: directory, note: String(rest), isNew: found.contains(.new), line: line))
        } else {
            readWords(segment.trimmed, found)
        }
    }

    /// A stretch that does not start with a path: names around code, the end of the last file's note, or prose.
    private mutating func readWords(_ text: Substring, _ found: FileMode) {
        let outside = Self.withoutBrackets(text)
        let named = Inline.code(outside).compactMap { PathToken.listed($0, isCode: true, isAlone: true) }
        let words = Inline.spans(outside).reduce(0) { count, span in
            if case .text(let text) = span { count + text.words.count } else { count }
        }
        if !named.isEmpty, words <= 4 {
            for path in named { add(path, found, notes: "") }
        } else if !Self.isClosing(text) {
            if let last = files.indices.last, let note = files[last].note, noteIsOpen {
                files[last].note = note + ", " + text.trimmed
            } else {
                prose.append(String(text.trimmed))
            }
        }
    }

    private mutating func add(_ path: OwnedPath, _ found: FileMode, notes: String) {
        var mode = found
        var note: String?
        var rest = notes[...].trimmed
        while let bracket = Self.bracket(at: rest) {
            mode.formUnion(FileMode(note: String(bracket.content)))
            if !FileMode.isOnlyNew(String(bracket.content)), note == nil { note = String(bracket.content) }
            rest = bracket.rest.trimmed
        }
        noteIsOpen = false
        var following: Substring?
        if let joint = ["and ", "& ", "+ ", "plus "].first(where: { rest.hasPrefix($0) }) {
            following = rest.dropFirst(joint.count)
        } else if rest.hasPrefix(".") {
            following = rest.dropFirst()
        } else if !rest.isEmpty {
            let text = rest.trimmed("—–-:→·")
            mode.formUnion(FileMode(note: String(text)))
            if note == nil, !FileMode.isOnlyNew(String(text)), !text.isEmpty { note = String(text) }
            noteIsOpen = note != nil
        }
        files.append(
            .init(
                path: path,
                note: note,
                isNew: mode.contains(.new),
                isAppendOnly: mode.contains(.appendOnly),
                line: line
            )
        )
        if let following { read(following) }
    }
}
