/// One place where two texts differ: `old` lines of the first were replaced by `new` lines of the second.
struct Hunk: Hashable, Sendable {
    var old: Range<Int>
    var new: Range<Int>

    var isInsertion: Bool { old.isEmpty }
}

/// The shortest way from one text to another (Myers, "An O(ND) Difference Algorithm", 1986), with every insertion and
/// deletion slid as far down as it goes, so that two texts that made the same kind of change show it at the same place.
enum LineDiff {
    /// The most differing lines that are searched for; more give `nil`.
    ///
    /// Memory grows with the square of this.
    static let limit = 3000

    static func hunks<Line: Hashable>(from old: [Line], to new: [Line]) -> [Hunk]? {
        var identifiers: [Line: Int] = [:]
        func intern(_ lines: [Line]) -> [Int] {
            lines.map { line in
                if let known = identifiers[line] { return known }
                identifiers[line] = identifiers.count
                return identifiers.count - 1
            }
        }
        let a = intern(old)
        let b = intern(new)
        var prefix = 0
        while prefix < min(a.count, b.count), a[prefix] == b[prefix] { prefix += 1 }
        var suffix = 0
        while suffix < min(a.count, b.count) - prefix, a[a.count - 1 - suffix] == b[b.count - 1 - suffix] {
            suffix += 1
        }
        guard
            let matches = matches(
                Array(a[prefix..<(a.count - suffix)]), Array(b[prefix..<(b.count - suffix)]))
        else { return nil }
        var hunks: [Hunk] = []
        var position = (old: 0, new: 0)
        func close(_ next: (old: Int, new: Int)) {
            if next.old > position.old || next.new > position.new {
                hunks.append(Hunk(old: position.old..<next.old, new: position.new..<next.new))
            }
        }
        let kept =
            (0..<prefix).map { (old: $0, new: $0) }
            + matches.map { (old: $0.old + prefix, new: $0.new + prefix) }
            + (0..<suffix).map { (old: a.count - suffix + $0, new: b.count - suffix + $0) }
        for pair in kept {
            close(pair)
            position = (pair.old + 1, pair.new + 1)
        }
        close((a.count, b.count))
        return slidDown(hunks, a, b)
    }

    /// The pairs of equal lines on a shortest path, in order.
    private static func matches(_ a: [Int], _ b: [Int]) -> [(old: Int, new: Int)]? {
        guard !a.isEmpty, !b.isEmpty else { return [] }
        let most = min(a.count + b.count, limit)
        var frontier = [Int](repeating: 0, count: 2 * most + 3)
        let middle = most + 1
        var history: [[Int]] = []
        for distance in 0...most {
            history.append(Array(frontier[(middle - distance)...(middle + distance)]))
            for diagonal in stride(from: -distance, through: distance, by: 2) {
                let goesDown =
                    diagonal == -distance
                    || (diagonal != distance && frontier[middle + diagonal - 1] < frontier[middle + diagonal + 1])
                var x = goesDown ? frontier[middle + diagonal + 1] : frontier[middle + diagonal - 1] + 1
                while x < a.count, x - diagonal < b.count, x >= 0, x - diagonal >= 0, a[x] == b[x - diagonal] { x += 1 }
                frontier[middle + diagonal] = x
                if x >= a.count, x - diagonal >= b.count { return walkBack(history, a, b) }
            }
        }
        return nil
    }

    private static func walkBack(_ history: [[Int]], _ a: [Int], _ b: [Int]) -> [(old: Int, new: Int)] {
        var pairs: [(old: Int, new: Int)] = []
        var x = a.count
        var y = b.count
        for distance in stride(from: history.count - 1, through: 0, by: -1) {
            let frontier = history[distance]
            func furthest(_ diagonal: Int) -> Int { frontier[diagonal + distance] }
            let diagonal = x - y
            let goesDown =
                distance == 0 || diagonal == -distance
                || (diagonal != distance && furthest(diagonal - 1) < furthest(diagonal + 1))
            let previous = distance == 0 ? 0 : goesDown ? diagonal + 1 : diagonal - 1
            let fromX = distance == 0 ? 0 : furthest(previous)
            let fromY = distance == 0 ? 0 : fromX - previous
            let startX = distance == 0 ? 0 : goesDown ? fromX : fromX + 1
            while x > startX {
                x -= 1
                y -= 1
                pairs.append((x, y))
            }
            x = fromX
            y = fromY
        }
        return pairs.reversed()
    }

    /// Moves pure insertions and deletions down over equal lines, joining hunks that come to touch.
    private static func slidDown(_ hunks: [Hunk], _ a: [Int], _ b: [Int]) -> [Hunk] {
        var result: [Hunk] = []
        for hunk in hunks.reversed() {
            var hunk = hunk
            let next = result.last?.old.lowerBound ?? a.count
            let nextNew = result.last?.new.lowerBound ?? b.count
            if hunk.old.isEmpty {
                while hunk.old.upperBound < next, b[hunk.new.lowerBound] == a[hunk.old.upperBound] {
                    hunk = Hunk(
                        old: (hunk.old.lowerBound + 1)..<(hunk.old.upperBound + 1),
                        new: (hunk.new.lowerBound + 1)..<(hunk.new.upperBound + 1))
                }
            } else if hunk.new.isEmpty {
                while hunk.old.upperBound < next, hunk.new.upperBound < nextNew,
                    a[hunk.old.lowerBound] == a[hunk.old.upperBound]
                {
                    hunk = Hunk(
                        old: (hunk.old.lowerBound + 1)..<(hunk.old.upperBound + 1),
                        new: (hunk.new.lowerBound + 1)..<(hunk.new.upperBound + 1))
                }
            }
            if let below = result.last, below.old.lowerBound == hunk.old.upperBound,
                below.new.lowerBound == hunk.new.upperBound
            {
                result[result.count - 1] = Hunk(
                    old: hunk.old.lowerBound..<below.old.upperBound, new: hunk.new.lowerBound..<below.new.upperBound)
            } else {
                result.append(hunk)
            }
        }
        return result.reversed()
    }
}
