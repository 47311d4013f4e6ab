import Foundation
import Testing

@testable import SwiftScanner

/// Choosing rules by the words of a file leaves no finding out.
struct RuleSelectionTests {
    @Test(arguments: SwiftScanner.rules.map(\.id))
    func examplesGiveTheSameFindings(_ id: String) async throws {
        let rule = try #require(SwiftScanner.rules.first { $0.id == id })
        for example in rule.examples.wrong + rule.examples.right {
            try await expectSame(source: example, name: "Example.swift")
        }
    }

    @Test func labelledCodeGivesTheSameFindings() async throws {
        let folder = Repository.file("Tests/SwiftScannerTests/Labelled")
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            try await expectSame(source: String(contentsOf: file, encoding: .utf8), name: file.lastPathComponent)
        }
    }

    @Test func ownSourcesGiveTheSameFindings() async throws {
        let files = FileManager.default.enumerator(
            at: Repository.file("Sources/SecurityAudit"), includingPropertiesForKeys: nil)
        for case let file as URL in files?.allObjects ?? [] where file.pathExtension == "swift" {
            try await expectSame(source: String(contentsOf: file, encoding: .utf8), name: file.lastPathComponent)
        }
    }

    private func expectSame(source: String, name: String) async throws {
        let (chosen, all) = await LargeStackThread.run {
            (
                FileScan(configuration: .init()).scan(source: source, name: name),
                FileScan(configuration: .init(), asksAllRules: true).scan(source: source, name: name)
            )
        }
        #expect(chosen.findings.map(\.message) == all.findings.map(\.message), "\(name)")
        #expect(chosen.findings.map(\.region) == all.findings.map(\.region), "\(name)")
        #expect(chosen.findings.map(\.ruleID) == all.findings.map(\.ruleID), "\(name)")
    }
}

struct WordFinderTests {
    @Test func findsWordsInsideOthersAndAcrossTheirEnds() {
        let finder = WordFinder(["he", "SHE", "his", "hers", "x-y"])
        #expect(finder.words(in: Array("usHERS".utf8)) == [0, 1, 3])
        #expect(finder.words(in: Array("ahishe".utf8)) == [0, 1, 2])
        #expect(finder.words(in: Array("x--y".utf8)).isEmpty)
        #expect(finder.words(in: []).isEmpty)
        #expect(finder.finds(in: "a X-Y b") && !finder.finds(in: "xy") && !finder.finds(in: "ħérs"))
    }

    @Test func findsNothingWithoutWords() {
        #expect(WordFinder([]).words(in: Array("anything".utf8)).isEmpty)
    }

    @Test func agreesWithAPlainSearch() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let words = (0..<6).map { _ in Self.text(1...4, &random) }
            let text = Self.text(0...40, &random)
            let plain = Set(words.indices.filter { Self.holds(text, words[$0]) })
            #expect(WordFinder(words).words(in: Array(text.utf8)) == plain, "\(words) in \(text)")
            for word in words { #expect(text.contains(word) == Self.holds(text, word), "\(word) in \(text)") }
        }
    }

    private static func text(_ length: ClosedRange<Int>, _ random: inout some RandomNumberGenerator) -> String {
        String((0..<Int.random(in: length, using: &random)).map { _ in "abc".randomElement(using: &random) ?? "a" })
    }

    private static func holds(_ text: String, _ word: String) -> Bool {
        let text = Array(text)
        let word = Array(word)
        guard word.count <= text.count else { return false }
        return (0...(text.count - word.count)).contains { Array(text[$0..<($0 + word.count)]) == word }
    }
}
