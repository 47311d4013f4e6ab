extension String {
    /// Whether the bytes of `part` stand in this text.
    ///
    /// Rules ask this of every name in a file, and the standard library's search, which compares characters, takes a
    /// tenth of the scanner's time.
    func contains(_ part: String) -> Bool { end(of: part) != nil }

    /// The text after the first place where `part` stands; `nil` when it stands nowhere.
    func part(after part: String) -> String? { end(of: part).map { String(self[$0...]) } }

    private func end(of part: String) -> Index? {
        let part = part.utf8
        guard let first = part.first else { return startIndex }
        var rest = utf8[...]
        while rest.count >= part.count, let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: part) { return utf8.index(start, offsetBy: part.count) }
            rest = rest.dropFirst()
        }
        return nil
    }
}
