import Foundation
import Testing

@testable import SecurityAudit

extension AuditTests {
    /// `.github/workflows/security.yml` as GitHub reads it.
    @Suite("the weekly workflow")
    struct WorkflowTests {
        private struct Workflow: Decodable {
            let on: Triggers
            let permissions: [String: String]
            let jobs: [String: Job]

            struct Triggers: Decodable {
                let push: Push
                let schedule: [[String: String]]
            }

            struct Push: Decodable {
                let branches: [String]
            }

            struct Job: Decodable {
                let steps: [Step]
            }

            // swift-format-ignore: AlwaysUseLowerCamelCase
            struct Step: Decodable {
                let name: String?
                let uses: String?
                let run: String?
                let with: [String: String]?
                let `if`: String?
                let continue_on_error: Bool?
            }
        }

        private func workflow() async throws -> Workflow {
            let file = Tree.repository.appendingPathComponent(".github/workflows/security.yml").path
            // YAML 1.2, in which `on` is a word and not true.
            let outcome = try await python(
                """
                import json, sys
                from ruamel.yaml import YAML
                text = json.dumps(YAML(typ="safe", pure=True).load(open(sys.argv[1])))
                print(text.replace('"continue-on-error"', '"continue_on_error"'))
                """, file)
            return try JSONDecoder().decode(Workflow.self, from: Data(outcome.output.utf8))
        }

        @Test func runsWeeklyAndOnPushesToMain() async throws {
            let workflow = try await workflow()
            #expect(workflow.on.schedule == [["cron": "0 6 * * 0"]])
            #expect(workflow.on.push.branches == ["main"])
            #expect(
                workflow.permissions == ["contents": "read", "actions": "read", "security-events": "write"])
        }

        @Test func goesOnAfterFindingsAndUploadsWhatItWrote() async throws {
            let steps = try #require(try await workflow().jobs["audit"]?.steps)
            let audit = try #require(steps.first { $0.name == "Audit" })
            #expect(audit.continue_on_error == true)
            let words = try #require(audit.run).split { " \\\n".contains($0) }.map(String.init)
            let written = ["--report", "--json", "--sarif", "--html"].compactMap { option in
                words.firstIndex(of: option).map { words[$0 + 1] }
            }
            #expect(written.count == 4)
            #expect(words.contains("--osv"))
            let upload = try #require(steps.first { $0.uses?.hasPrefix("actions/upload-artifact@") == true })
            #expect(upload.`if` == "always()")
            let pattern = Glob(try #require(upload.with?["path"]))
            #expect(written.allSatisfy(pattern.matches))
            let scanning = try #require(
                steps.first { $0.uses?.hasPrefix("github/codeql-action/upload-sarif@") == true })
            let index = try #require(words.firstIndex(of: "--sarif"))
            #expect(scanning.with?["sarif_file"] == words[index + 1])
            // A category given here would take the place of each run's own.
            #expect(scanning.with?["category"] == nil)
            #expect(scanning.`if` == "always() && hashFiles('\(words[index + 1])') != ''")
        }
    }
}
