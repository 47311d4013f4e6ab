import Testing

@testable import SprintRunner

/// A plan in one of the many forms that people write, with what has to be understood of it.
struct VariedPlan: Sendable, CustomTestStringConvertible {
    var name: String
    /// Tabs are written as `⇥`.
    var text: String
    /// What `pitwall sprint plan` prints, without the lengths of the prompts.
    var understood: String
    /// Line and code of each diagnostic.
    var diagnostics: [String]

    var testDescription: String { name }
    static let all = part1 + part2 + part3 + part4 + part5
}

extension String {
    var withCarriageReturns: String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    }
}

@Suite struct VariedPlanTests {
    @Test(arguments: VariedPlan.all) func isUnderstood(_ varied: VariedPlan) throws {
        let plan = try SprintPlan.read(text: varied.text.replacing("⇥", with: "\t"))
        let told = plan.text().split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("  prompt ") && !$0.hasPrefix("line ") }
            .joined(separator: "\n").trimmed
        #expect(told == varied.understood.trimmed)
        #expect(plan.diagnostics.map { "\($0.line) \($0.code.rawValue)" } == varied.diagnostics)
    }
}
