import ArgumentParser
import Foundation
import SprintRunner

/// `pitwall sprint plan FILE [--json]`.
struct SprintPlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what is understood of a sprint's Markdown plan.",
        discussion: """
            Exit status: 0 when the plan can be run, 65 when it is refused (each error is printed with its line and \
            how to mend it) or cannot be read, 64 for wrong arguments.
            """
    )

    @Argument(help: "The plan, a Markdown file.", completion: .file(extensions: ["md"]))
    var file: String

    @Flag(help: "Print JSON with all keys; a refused plan is printed too, with its errors in \"diagnostics\".")
    var json = false

    func run() throws {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            try fail("cannot read the plan \(file): give the path of a Markdown file that you may read", status: 65)
        }
        do {
            let plan = try SprintPlan.read(bytes: bytes)
            print(json ? try plan.json() : plan.text())
        } catch let refusal as SprintPlanRefusal {
            if json { print(try refusal.plan.json()) }
            try fail("the plan \(file) is refused:\n\(refusal)", status: 65)
        }
    }

    private func fail(_ message: String, status: Int32) throws -> Never {
        FileHandle.standardError.write(Data("pitwall: \(message)\n".utf8))
        throw ExitCode(status)
    }
}
