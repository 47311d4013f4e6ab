/// A merge of texts whose lines are all different, thought of in another way than the one under test: as a set of
/// things that happened after each base line.
///
/// Slow, and too simple to be wrong.
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

        /// What the side did in a stretch of gaps: the lines it removed there, and what it put in each gap.
        func part(_ gaps: ClosedRange<Int>) -> (removed: Set<Int>, inserted: [Int: [String]]) {
            let lines = gaps.lowerBound..<(gaps.upperBound + 2)
            return (removed.filter { lines.contains($0) }, inserted.filter { gaps.contains($0.key) })
        }
    }

    /// The merged text, or `nil` where the sides meet in anything but two additions, or one change made twice.
    ///
    /// Gaps are numbered by the base line above them. Two gaps belong together when the line between them is removed.
    /// No line is added that the base or the other side has, but for changes that both sides made.
    static func merge(base: [String], ours: [String], theirs: [String]) -> [String]? {
        let mine = Edit(base, ours)
        let other = Edit(base, theirs)
        var result: [String] = []
        var gap = -1
        while gap < base.count {
            var last = gap
            while last + 1 < base.count, mine.removed.contains(last + 1) || other.removed.contains(last + 1) {
                last += 1
            }
            let left = mine.part(gap...last)
            let right = other.part(gap...last)
            let isLeft = !left.removed.isEmpty || !left.inserted.isEmpty
            let isRight = !right.removed.isEmpty || !right.inserted.isEmpty
            let inserted: [Int: [String]]
            if isLeft, isRight, left != right {
                guard left.removed.isEmpty, right.removed.isEmpty, gap == last else { return nil }
                inserted = [gap: (left.inserted[gap] ?? []) + (right.inserted[gap] ?? [])]
            } else {
                inserted = isLeft ? left.inserted : right.inserted
            }
            for index in gap...last {
                if index > gap, !left.removed.contains(index), !right.removed.contains(index) {
                    result.append(base[index])
                }
                result += inserted[index] ?? []
            }
            gap = last + 1
            if gap < base.count { result.append(base[gap]) }
        }
        return result
    }
}
