import ArgumentParser
import LoadTest

/// Turns what a load command ends with into a message and an exit status.
enum LoadExit {
    static func reporting(_ body: () async throws -> Int32) async throws {
        do {
            let status = try await body()
            if status != 0 { throw ExitCode(status) }
        } catch let code as ExitCode {
            throw code
        } catch {
            Output.tell("Error: \(error)\n")
            throw ExitCode(RunVerdict.exitStatus(of: error))
        }
    }
}
