import Testing

@testable import SprintRunner

@Suite struct LineMergeTests {
    private func lines(_ text: String) -> Lines { Lines(Array(text.utf8)) }
    private func text(_ lines: Lines) -> String { String(decoding: lines.bytes, as: UTF8.self) }

    @Test(arguments: ["", "\n", "a", "a\n", "a\nb", "a\r\nb\r\n", "\n\n", "a\n\n"])
    func splittingAndJoiningGivesEveryByteBack(_ content: String) {
        #expect(text(lines(content)) == content)
    }

    @Test func appendsOfTwoSidesStandInOrder() throws {
        let merged = AppendMerge.merge(base: lines("a\n"), ours: lines("a\nx\n"), theirs: lines("a\ny\n"))
        #expect(merged.map(text) == "a\nx\ny\n")
    }

    @Test func equalAppendsAreKeptAsOftenAsTheyWereAdded() {
        let merged = AppendMerge.merge(base: lines("a\n"), ours: lines("a\n--\nx\n"), theirs: lines("a\n--\ny\n"))
        #expect(merged.map(text) == "a\n--\nx\n--\ny\n")
    }

    @Test func aLastLineWithoutEndIsNotGluedToTheNext() {
        #expect(AppendMerge.merge(base: lines("a"), ours: lines("a\nx"), theirs: lines("a\ny")).map(text) == "a\nx\ny")
    }

    @Test func carriageReturnsStay() {
        let merged = AppendMerge.merge(base: lines("a\r\n"), ours: lines("a\r\nx\r\n"), theirs: lines("a\r\ny\r\n"))
        #expect(merged.map(text) == "a\r\nx\r\ny\r\n")
        let open = AppendMerge.merge(base: lines("a\r\nb"), ours: lines("a\r\nb\r\nx"), theirs: lines("a\r\nb\r\ny"))
        #expect(open.map(text) == "a\r\nb\r\nx\r\ny")
    }

    @Test func aChangeBeforeTheEndIsNoAppend() {
        #expect(AppendMerge.merge(base: lines("a\nb\n"), ours: lines("a\nB\n"), theirs: lines("a\nb\nc\n")) == nil)
    }

    @Test func additionsAtOnePlaceAreBothKept() {
        let outcome = AdditionMerge.merge(
            base: lines("[\n a,\n]\n"), ours: lines("[\n a,\n b,\n]\n"), theirs: lines("[\n a,\n c,\n]\n"))
        #expect(outcome == .merged(lines("[\n a,\n b,\n c,\n]\n")))
    }

    @Test func functionsAddedAfterTheSameFunctionStayWhole() {
        let base = "f() {\n}\n"
        let outcome = AdditionMerge.merge(
            base: lines(base), ours: lines(base + "\ng() {\n}\n"), theirs: lines(base + "\nh() {\n}\n"))
        #expect(outcome == .merged(lines(base + "\ng() {\n}\n\nh() {\n}\n")))
    }

    @Test func aChangeAgainstAnAdditionClashes() {
        let outcome = AdditionMerge.merge(
            base: lines("a\nb\n"), ours: lines("a\nB\n"), theirs: lines("a\nb\nc\n"))
        #expect(outcome == .clashes([.init(base: 1..<2, ours: 1..<2, theirs: 1..<3)]))
    }

    @Test func aListWithoutCommaAtItsEndClashes() {
        let outcome = AdditionMerge.merge(
            base: lines("[\n a\n]\n"), ours: lines("[\n a,\n b\n]\n"), theirs: lines("[\n a,\n c\n]\n"))
        guard case .clashes = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test func equalChangesAreMadeOnce() {
        let outcome = AdditionMerge.merge(base: lines("a\nb\n"), ours: lines("x\nb\n"), theirs: lines("x\nb\nc\n"))
        #expect(outcome == .merged(lines("x\nb\nc\n")))
    }

    /// The difference applied gives the new text, and is no longer than the one a slow table of all pairs finds.
    @Test func differencesAreCorrectAndShortest() throws {
        let seed: UInt64 = 74
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let old = (0..<Int.random(in: 0...12, using: &random)).map { _ in Int.random(in: 0...3, using: &random) }
            let new = (0..<Int.random(in: 0...12, using: &random)).map { _ in Int.random(in: 0...3, using: &random) }
            let hunks = try #require(LineDiff.hunks(from: old, to: new))
            var rebuilt: [Int] = []
            var position = 0
            for hunk in hunks {
                rebuilt += old[position..<hunk.old.lowerBound] + new[hunk.new]
                position = hunk.old.upperBound
            }
            rebuilt += old[position...]
            #expect(rebuilt == new)
            let changed = hunks.reduce(0) { $0 + $1.old.count + $1.new.count }
            #expect(changed == old.count + new.count - 2 * SlowMerge.longestCommon(old, new), "\(old) \(new)")
        }
    }
}
