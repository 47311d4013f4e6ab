/// A merge of texts whose lines are all different, thought of in another way than the one under test: as a set of
/// things that happened after each base line. Slow, and too simple to be wrong.
enum SlowMerge {
    /// The length of the longest common subsequence, by the table of all pairs.
    static func longestCommon<Element: Equatable>(_ a: [Element], _ b: [Element]) -> Int {
        var table = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in a.indices {
            for j in b.indices {
                table[i + 1][j + 1] = a[i] == b[j] ? table[i][j] + 1 : max(table[i][j + 1], table[i + 1][j])
            }
        }
        return table[a.count][b.count]
    }

    /// What one side did: the lines it removed, and what it put after each base line (-1 for the beginning).
    private struct Edit {
        var removed: Set<Int> = []
        var inserted: [Int: [String]] = [:]

        init(_ base: [String], _ side: [String]) {
            let place = Dictionary(uniqueKeysWithValues: base.enumerated().map { ($1, $0) })
            removed = Set(base.indices).subtracting(side.compactMap { place[$0] })
            var after = -1
            for line in side {
                if let index = place[line] {
                    after = index
                } else {
                    // Deleted lines above an insertion belong to the same change: the insertion stands below them.
                    while removed.contains(after + 1) { after += 1 }
                    inserted[after, default: []].append(line)
                }
            }
        }

        /// Whether the side changed anything at the gap below a base line or at the lines around it.
        func touches(gap: Int) -> Bool {
            inserted[gap] != nil || removed.contains(gap) || removed.contains(gap + 1)
        }
    }

    /// The merged text, or `nil` where the sides meet in anything but two additions.
    ///
    /// Both texts keep the order of the base lines, and no line is added that the base or the other side has.
    static func merge(base: [String], ours: [String], theirs: [String]) -> [String]? {
        let mine = Edit(base, ours)
        let other = Edit(base, theirs)
        for gap in -1..<base.count where mine.touches(gap: gap) && other.touches(gap: gap) {
            let isPure = [gap, gap + 1].allSatisfy { !mine.removed.contains($0) && !other.removed.contains($0) }
            if !isPure { return nil }
        }
        var result = (mine.inserted[-1] ?? []) + (other.inserted[-1] ?? [])
        for index in base.indices {
            if !mine.removed.contains(index), !other.removed.contains(index) { result.append(base[index]) }
            result += (mine.inserted[index] ?? []) + (other.inserted[index] ?? [])
        }
        return result
    }
}
