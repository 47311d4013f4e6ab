import Foundation

#if canImport(System)
    public import System
#else
    public import SystemPackage
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Ends a run from outside.
public enum SprintStop {
    /// Asks the process that runs the latest sprint to stop, waits for its end, and ends what it left behind.
    ///
    /// - Parameter patience: how long the process may take before it is killed; its journal survives that too.
    /// - Returns: what was done, in a sentence.
    /// - Throws: ``SprintError/noRun(_:)``.
    public static func stop(in directory: FilePath, patience: Duration = .seconds(30)) async throws -> String {
        let repository = try await Repository(at: directory)
        let home = try RunHome(repository)
        let place = try home.run(nil)
        var sentence = "no process was running the sprint"
        if let process = RunLock.holder(of: home.lock) {
            kill(process, SIGTERM)
            let clock = ContinuousClock()
            let deadline = clock.now + patience
            while RunLock.holder(of: home.lock) == process, clock.now < deadline {
                try await Task.sleep(for: .milliseconds(50))
            }
            if RunLock.holder(of: home.lock) == process {
                kill(process, SIGKILL)
                sentence = "process \(process) did not stop and was killed"
            } else {
                sentence = "process \(process) has stopped"
            }
        }
        let state = try Journal.read(place.journal)
        guard let setup = state.setup else { return sentence }
        for agent in setup.branches.keys { await ProcessTree(mark: "\(setup.id):agent:\(agent)").kill() }
        for commit in [state.train?.head].compactMap({ $0 }) {
            await ProcessTree(mark: "\(setup.id):test:\(commit.short)").kill()
        }
        if state.isOver { return "\(sentence); sprint \(setup.sprint) is over" }
        return sentence + "; `pitwall sprint resume` goes on where it was"
    }
}
