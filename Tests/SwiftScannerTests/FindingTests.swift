import SwiftScanner
import Testing

/// What a finding says, field by field.
struct FindingTests {
    private func scan(_ source: String, file: String = "Users.swift") async -> [SwiftFinding] {
        await SwiftScanner().scan(source: source, file: file).findings
    }

    @Test func fieldsOfAFinding() async throws {
        let source = """
            struct Store {
                func find(name: String) throws {
                    // café
                    let é = "ü"; try db.execute(sql: "DELETE FROM t WHERE n = '\\(name)'")
                }
            }
            """
        let finding = try #require(await scan(source).first)
        #expect(finding.ruleID == "sql-injection")
        #expect(finding.title == "SQL built from values")
        #expect(finding.severity == .high)
        #expect(finding.confidence == .medium)
        #expect(finding.cwe == [89])
        #expect(finding.file == "Users.swift")
        #expect(finding.declaration == "Store.find(name:)")
        #expect(finding.message == "the SQL given to `execute` is built from values: the parameter `name`")
        #expect(finding.region == SourceRegion(startLine: 4, startColumn: 26, endLine: 4, endColumn: 78))
        #expect(finding.snippet == "let é = \"ü\"; try db.execute(sql: \"DELETE FROM t WHERE n = '\\(name)'\")")
    }

    @Test func normalizedCodeSurvivesLayoutAndComments() async throws {
        let flat = try #require(await scan("func f(a: String) { try db.execute(sql: \"DROP TABLE \\(a)\") }").first)
        let spread = try #require(
            await scan("\n\nfunc f(a: String) {\n  try db.execute(\n    // why\n    sql: \"DROP TABLE \\(a)\"\n  )\n}")
                .first
        )
        #expect(flat.normalizedCode == spread.normalizedCode)
        #expect(flat.declaration == spread.declaration)
        #expect(flat.region != spread.region)
    }

    @Test func secretsAreRedactedEverywhere() async {
        let secret = "f3a9c27b61de4f0890ab12cd34ef56aa"
        let source = """
            let apiKey = "\(secret)"
            func f(name: String) { try db.execute(sql: "SELECT '\(secret)' FROM t WHERE n = '\\(name)'") }
            """
        let findings = await scan(source)
        #expect(Set(findings.map(\.ruleID)) == ["hard-coded-credential", "sql-injection"])
        for finding in findings {
            #expect(!"\(finding)".contains(secret))
            #expect(finding.snippet.contains("f3a9… (32 characters)"))
        }
    }

    @Test func shortSecretsAreNotShownAtAll() async throws {
        let finding = try #require(await scan(#"let password = "ab12!x""#).first)
        #expect(finding.snippet == #"let password = "… (6 characters)""#)
    }

    @Test func testCodeIsJudgedMildly() async throws {
        let source = #"let password = "Tr0ub4dor&3""#
        let inTests = try #require(await scan(source, file: "Tests/AppTests/LoginTests.swift").first)
        #expect(inTests.severity == .medium)
        #expect(inTests.confidence == .low)
        let inSources = try #require(await scan(source, file: "Sources/App/Login.swift").first)
        #expect(inSources.severity == .high)
    }

    @Test func onlyChosenRulesRun() async {
        let scanner = SwiftScanner(configuration: .init(rules: ["weak-hash"]))
        let result = await scanner.scan(source: "strcpy(a, b)\nlet d = Insecure.MD5.hash(data: x)", file: "A.swift")
        #expect(result.findings.map(\.ruleID) == ["weak-hash"])
    }

    @Test func confidenceFollowsTheSource() async {
        func confidence(_ body: String) async -> SwiftConfidence? {
            await scan(body).first { $0.ruleID == "sql-injection" }?.confidence
        }
        #expect(
            await confidence(#"let n = readLine()!; try db.execute(sql: "DELETE FROM t WHERE n = '\(n)'")"#) == .high)
        #expect(
            await confidence(#"func f(n: String) { try db.execute(sql: "DELETE FROM t WHERE n = '\(n)'") }"#) == .medium
        )
        #expect(await confidence(#"try db.execute(sql: "DELETE FROM t WHERE n = '\(elsewhere)'")"#) == .low)
    }

    /// A name that a type of the program gives may come from it; a text between quotes and a plain text may not.
    @Test(arguments: [
        (#"func f(_ t: Table) { try db.execute(sql: "DROP TABLE \(t.schema.name)") }"#, SwiftSeverity.medium),
        (#"func f(_ t: Table) { try db.execute(sql: "DELETE FROM a WHERE b = '\(t.name)'") }"#, .high),
        (#"func f(_ t: String) { try db.execute(sql: "DROP TABLE \(t.localizedLowercase)") }"#, .high),
        (#"func f(_ t: [String]) { try db.execute(sql: "DROP TABLE \(t.first!)") }"#, .high),
    ])
    func namesOfOwnTypesAreLessCertain(source: String, severity: SwiftSeverity) async throws {
        let result = await SwiftScanner().scan(source: source, file: "Store.swift")
        let finding = try #require(result.findings.first { $0.ruleID == "sql-injection" })
        #expect(finding.severity == severity)
    }
}
