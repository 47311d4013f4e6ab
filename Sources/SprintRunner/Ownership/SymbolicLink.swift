/// Where symbolic links of a tree lead.
enum SymbolicLink {
    /// Whether a link stays in the tree it is in, and out of its git directory.
    static func isInside(_ target: [UInt8], from path: TreePath) -> Bool {
        guard target.first != UInt8(ascii: "/"), !target.isEmpty, !target.contains(0) else { return false }
        var depth = path.components.count - 1
        for part in target.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true) {
            if part.elementsEqual("..".utf8) {
                depth -= 1
            } else if !part.elementsEqual(".".utf8) {
                if GitDirectoryName.matches(part) { return false }
                depth += 1
            }
            guard depth >= 0 else { return false }
        }
        return true
    }
}

/// The names that some file system takes for `.git`.
enum GitDirectoryName {
    /// Whether a name is `.git` in other letters, with dots, blanks or a stream name at its end (NTFS), as its short
    /// name `git~1`, or with characters in it that HFS+ leaves out.
    static func matches(_ name: some Collection<UInt8>) -> Bool {
        let text = String(decoding: name, as: UTF8.self)
        let visible = String(String.UnicodeScalarView(text.unicodeScalars.filter { !isIgnored($0.value) }))
        let first = visible.lowercased().split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        let stem = String(first.reversed().drop { $0 == "." || $0 == " " }.reversed())
        return stem == ".git" || stem == "git~1"
    }

    private static func isIgnored(_ scalar: UInt32) -> Bool {
        (0x200C...0x200F).contains(scalar) || (0x202A...0x202E).contains(scalar) || (0x206A...0x206F).contains(scalar)
            || scalar == 0xFEFF
    }
}
