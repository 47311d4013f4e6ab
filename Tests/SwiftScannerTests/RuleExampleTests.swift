import SwiftScanner
import Testing

/// Every rule reports each of its wrong examples and leaves its right ones alone.
struct RuleExampleTests {
    @Test(arguments: SwiftScanner.rules.map(\.id))
    func wrongExamplesAreReported(_ id: String) async throws {
        let rule = try #require(SwiftScanner.rules.first { $0.id == id })
        #expect(!rule.examples.wrong.isEmpty)
        for example in rule.examples.wrong {
            let result = await SwiftScanner().scan(source: example, file: "Example.swift")
            #expect(result.findings.contains { $0.ruleID == rule.id }, "\(rule.id) missed:\n\(example)")
        }
    }

    @Test(arguments: SwiftScanner.rules.map(\.id))
    func rightExamplesAreLeftAlone(_ id: String) async throws {
        let rule = try #require(SwiftScanner.rules.first { $0.id == id })
        #expect(!rule.examples.right.isEmpty)
        for example in rule.examples.right {
            let result = await SwiftScanner().scan(source: example, file: "Example.swift")
            let wrong = result.findings.filter { $0.ruleID == rule.id }
            #expect(wrong.isEmpty, "\(rule.id) reported \(wrong.map(\.message)) in:\n\(example)")
        }
    }

    @Test func everyRuleIsDescribed() {
        #expect(SwiftScanner.rules.count >= 25)
        #expect(Set(SwiftScanner.rules.map(\.id)).count == SwiftScanner.rules.count)
        for rule in SwiftScanner.rules {
            #expect(rule.id.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
            #expect(!rule.cwe.isEmpty && rule.title.count < 60 && rule.why.count > 40 && rule.mend.count > 10)
        }
    }
}
