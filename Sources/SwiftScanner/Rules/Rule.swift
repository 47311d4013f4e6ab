/// One danger and how to see it in a file.
protocol Rule: Sendable {
    /// What the rule is about.
    var metadata: SwiftRule { get }

    /// Texts of which at least one stands, in any case, in every file that the rule reports on; empty when there are
    /// none that are worth looking for.
    ///
    /// The rule is not asked about other files.
    var words: [String] { get }

    /// Reports each place in `file` that shows the danger.
    func check(_ file: SourceModel, _ report: inout Report)
}

extension Rule {
    var words: [String] { [] }
}

/// Chooses the rules that can report on a file, by their words.
struct RuleSelection: Sendable {
    private let rules: [any Rule]
    private let isTotal: Bool
    private let finder: WordFinder
    /// Which rule a word of the finder belongs to.
    private let owners: [Int]

    /// A selection of some rules; `isTotal` asks every rule about every file, to see what choosing leaves out.
    init(_ rules: [any Rule], isTotal: Bool = false) {
        self.rules = rules
        self.isTotal = isTotal
        let words = rules.enumerated().flatMap { index, rule in rule.words.map { (index, $0) } }
        owners = words.map(\.0)
        finder = WordFinder(words.map(\.1))
    }

    /// The rules for a file with these bytes, in the order of the catalogue.
    func rules(for bytes: [UInt8]) -> [any Rule] {
        if isTotal { return rules }
        let named = Set(finder.words(in: bytes).map { owners[$0] })
        return rules.enumerated().filter { $1.words.isEmpty || named.contains($0) }.map(\.element)
    }
}
