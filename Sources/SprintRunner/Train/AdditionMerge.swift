/// The three-way merge of a text where both sides only *added* at the places they share.
///
/// Both additions are kept, ours first. Everywhere else the sides must not meet: where one changed or deleted lines at
/// a place that the other touched too, nothing is merged and the places are returned.
enum AdditionMerge {
    /// Lines that stand against each other, with the first line of each side, counted from 1.
    struct Clash: Hashable, Sendable {
        var base: Range<Int>
        var ours: Range<Int>
        var theirs: Range<Int>
    }

    enum Outcome: Hashable, Sendable {
        case merged(Lines)
        case clashes([Clash])
        /// The texts differ in too many lines to be compared.
        case tooDifferent
    }

    static func merge(base: Lines, ours: Lines, theirs: Lines) -> Outcome {
        guard let left = LineDiff.hunks(from: base.lines, to: ours.lines),
            let right = LineDiff.hunks(from: base.lines, to: theirs.lines)
        else { return .tooDifferent }
        var merged: [ArraySlice<UInt8>] = []
        var clashes: [Clash] = []
        var position = 0
        var i = 0
        var j = 0
        while i < left.count || j < right.count {
            let start = min(left[safe: i]?.old.lowerBound ?? .max, right[safe: j]?.old.lowerBound ?? .max)
            merged += base.lines[position..<start]
            // Hunks that overlap or touch belong together: between them is no line that both sides kept.
            var end = start
            let firstLeft = i
            let firstRight = j
            while true {
                if let hunk = left[safe: i], hunk.old.lowerBound <= end {
                    end = max(end, hunk.old.upperBound)
                    i += 1
                } else if let hunk = right[safe: j], hunk.old.lowerBound <= end {
                    end = max(end, hunk.old.upperBound)
                    j += 1
                } else {
                    break
                }
            }
            let mine = left[firstLeft..<i]
            let others = right[firstRight..<j]
            let our = span(mine, start..<end)
            let their = span(others, start..<end)
            if others.isEmpty {
                merged += ours.lines[our]
            } else if mine.isEmpty || ours.lines[our] == theirs.lines[their] {
                merged += theirs.lines[their]
            } else if start == end {
                merged += ours.lines[our] + theirs.lines[their]
            } else {
                clashes.append(Clash(base: start..<end, ours: our, theirs: their))
            }
            position = end
        }
        guard clashes.isEmpty else { return .clashes(clashes) }
        merged += base.lines[position...]
        return .merged(Lines(lines: merged, endsWithNewline: newline(base, ours, theirs)))
    }

    /// The lines of a side that stand where `region` of the base stood.
    private static func span(_ hunks: ArraySlice<Hunk>, _ region: Range<Int>) -> Range<Int> {
        guard let first = hunks.first, let last = hunks.last else { return 0..<0 }
        let before = first.old.lowerBound - region.lowerBound
        let after = region.upperBound - last.old.upperBound
        return (first.new.lowerBound - before)..<(last.new.upperBound + after)
    }

    private static func newline(_ base: Lines, _ ours: Lines, _ theirs: Lines) -> Bool {
        ours.endsWithNewline == base.endsWithNewline ? theirs.endsWithNewline : ours.endsWithNewline
    }
}

extension Array {
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
