import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// Runs an outside tool to its end or its limits, in a session of its own so that its children end with it.
///
/// Output goes to files, not pipes: a child that keeps a pipe open cannot hold up the audit, and no output is so
/// large that it fills the memory.
struct ToolProcess: Sendable {
    /// The absolute path of the tool.
    var executable: String
    /// What it is called with.
    var arguments: [String]
    /// Where it runs.
    var folder: String
    /// What is added to the environment.
    var environment: [String: String] = [:]
    /// A file that it is told to write, which counts as output.
    var report: String?
    /// When it is killed.
    var limits: ToolLimits

    /// The largest output that is read, in bytes; a tool that prints more is killed.
    static let maximumOutput = 256 << 20
    /// How often time, memory and output are looked at.
    private static let interval = Duration.milliseconds(100)

    /// How a tool ended.
    struct Outcome: Sendable {
        var ending: Ending
        var output: [UInt8]
        var error: String
    }

    /// Why a tool ended.
    enum Ending: Sendable, Hashable {
        case exited(Int)
        case signalled(Int)
        case timedOut
        case outOfMemory
        case tooMuchOutput
        case notStarted(String)
    }

    /// Runs the tool.
    ///
    /// Cancelling the task kills it.
    func run() async -> Outcome {
        do {
            let scratch = try ScratchFolder()
            defer { scratch.remove() }
            let ending = try await run(in: scratch)
            return Outcome(
                ending: ending, output: scratch.contents(of: "output"),
                error: String(decoding: scratch.contents(of: "error").suffix(64 << 10), as: UTF8.self))
        } catch {
            return Outcome(ending: .notStarted(String(describing: error)), output: [], error: "")
        }
    }

    private func run(in scratch: ScratchFolder) async throws -> Ending {
        let output = try scratch.open("output")
        defer { try? output.close() }
        let error = try scratch.open("error")
        defer { try? error.close() }
        let mark = ProcessMark()
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
        ]
        let configuration = Configuration(
            executable: .path(FilePath(executable)), arguments: Arguments(arguments),
            environment: .inherit.updating(
                Dictionary(
                    environment.merging(mark.environment) { own, _ in own }.compactMap { key, value in
                        Environment.Key(rawValue: key).map { ($0, value) }
                    }, uniquingKeysWith: { first, _ in first })),
            workingDirectory: FilePath(folder), platformOptions: options)
        let state = State()
        // Children that outlive the tool have no business here, however it ended.
        defer { if let id = state.leader.withLock({ $0 }) { ProcessTree(leader: id, mark: mark).kill() } }
        let status = try await withThrowingTaskGroup(of: TerminationStatus?.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    configuration, input: .none, output: .fileDescriptor(output, closeAfterSpawningProcess: false),
                    error: .fileDescriptor(error, closeAfterSpawningProcess: false)
                ) { execution in
                    state.leader.withLock { $0 = execution.processIdentifier.value }
                }
                return result.terminationStatus
            }
            group.addTask {
                let start = ContinuousClock.now
                while (try? await Task.sleep(for: Self.interval)) != nil {
                    guard let id = state.leader.withLock({ $0 }) else { continue }
                    let elapsed = ContinuousClock.now - start
                    if let ending = excess(of: ProcessTree(leader: id), after: elapsed, in: scratch) {
                        state.overrun.withLock { $0 = ending }
                        ProcessTree(leader: id, mark: mark).kill()
                        break
                    }
                }
                return nil
            }
            var status: TerminationStatus?
            while status == nil, let next = try await group.next() { status = next }
            group.cancelAll()
            return status
        }
        if let ending = state.overrun.withLock({ $0 }) { return ending }
        switch status {
        case .exited(let code): return .exited(Int(code))
        case .signaled(let code): return .signalled(Int(code))
        case nil: return .notStarted("ended without a status")
        }
    }

    /// What the run and its watch tell each other.
    private final class State: Sendable {
        let leader = Mutex<Int32?>(nil)
        let overrun = Mutex<Ending?>(nil)
    }

    private func excess(of tree: ProcessTree, after elapsed: Duration, in scratch: ScratchFolder) -> Ending? {
        // A tool that has ended in time may have to wait until this process gets round to it.
        if elapsed > limits.time, !tree.members().isEmpty { return .timedOut }
        let reportSize = report.map(ScratchFolder.size(path:)) ?? 0
        let written = scratch.size(of: "output") + scratch.size(of: "error") + reportSize
        if written > Self.maximumOutput { return .tooMuchOutput }
        if tree.residentBytes() > limits.memory { return .outOfMemory }
        return nil
    }
}
