import Foundation
import Subprocess
import Synchronization

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A shell command in a session of its own, with a log, a time limit and an end that takes all its children along.
///
/// The command's directory records it for whoever comes later: `claim` (who made it runs the command, nobody else),
/// `pid`, `log` and, written last, `exit`. So a runner that was killed finds out what became of the command.
struct SupervisedProcess: Sendable {
    /// Where `claim`, `pid`, `log` and `exit` are kept.
    var records: FilePath
    var command: String
    var directory: FilePath
    var variables: [String: String]
    var mark: String
    var timeLimit: Duration
    /// The most bytes of output; beyond them the command is ended.
    var logLimit = 64 << 20

    /// How a command ended.
    enum Ending: Hashable, Sendable, Codable {
        case exited(Int32)
        case signalled(Int32)
        case timedOut
        case loggedTooMuch
    }

    /// What the two tasks around a running command tell each other: its process number, known once it runs, and the
    /// limit for which it was ended.
    private final class Race: Sendable {
        let leader = Mutex<pid_t?>(nil)
        let limit = Mutex<Ending?>(nil)
    }

    /// The exit status by which the wrapper says that somebody else runs the command.
    private static let claimed: Int32 = 117

    /// Only one process makes the claim and runs the command.
    ///
    /// The status is moved into place, so that it is there
    /// whole or not at all.
    private static let wrapper = """
        mkdir "$1/claim" 2>/dev/null || exit \(claimed)
        echo $$ > "$1/pid.new" && mv "$1/pid.new" "$1/pid"
        sh -c "$2"
        status=$?
        echo $status > "$1/exit.new" && mv "$1/exit.new" "$1/exit"
        exit $status
        """

    /// What an earlier runner left.
    ///
    /// Its number may be another process's by now, so on Linux only the mark counts.
    private var tree: ProcessTree {
        #if os(Linux)
            ProcessTree(mark: mark)
        #else
            ProcessTree(mark: mark, leader: recordedProcess)
        #endif
    }

    /// Runs the command, or waits for the one that a killed runner left running.
    ///
    /// - Parameter heartbeat: called about once a second with the bytes logged so far.
    func run(heartbeat: @escaping @Sendable (Int) async -> Void = { _ in }) async throws -> Ending {
        try FileManager.default.createDirectory(atPath: records.string, withIntermediateDirectories: true)
        if let status = recordedStatus {
            await tree.kill()
            return .exited(status)
        }
        if isClaimed { return try await watchLeftover(heartbeat) }
        return try await start(heartbeat)
    }

    /// Whether somebody runs the command or has run it.
    var isClaimed: Bool { FileManager.default.fileExists(atPath: records.appending("claim").string) }

    /// Whether the command was begun once, is gone and left no status: the machine or its runner was stopped.
    var isLost: Bool {
        isClaimed && recordedStatus == nil && !tree.isAlive
    }

    /// What the command wrote to standard output and error, as much as is kept.
    var log: FilePath { records.appending("log") }

    private func start(_ heartbeat: @escaping @Sendable (Int) async -> Void) async throws -> Ending {
        let output = try FileDescriptor.open(
            log, .writeOnly, options: [.create, .append], permissions: [.ownerReadWrite, .groupRead, .otherRead])
        let race = Race()
        let tree = { ProcessTree(mark: mark, leader: race.leader.withLock { $0 }) }
        let ending: Ending
        do {
            ending = try await start(writingTo: output, race: race, heartbeat)
        } catch {
            await tree().end()
            throw error
        }
        await tree().kill()
        try Task.checkCancellation()
        return ending == .exited(Self.claimed) ? try await watchLeftover(heartbeat) : ending
    }

    /// Runs the command against its limits.
    private func start(
        writingTo output: FileDescriptor, race: Race,
        _ heartbeat: @escaping @Sendable (Int) async -> Void
    ) async throws -> Ending {
        try await withThrowingTaskGroup(of: Ending?.self) { group in
            group.addTask {
                var options = PlatformOptions()
                options.createSession = true
                options.teardownSequence = [
                    .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(5))
                ]
                let result = try await Subprocess.run(
                    .path("/bin/sh"),
                    arguments: ["-c", Self.wrapper, "pitwall", records.string, command],
                    environment: environment, workingDirectory: directory, platformOptions: options, input: .none,
                    output: .fileDescriptor(output, closeAfterSpawningProcess: true), error: .combinedWithOutput
                ) { execution in
                    race.leader.withLock { $0 = execution.processIdentifier.value }
                }
                return switch result.terminationStatus {
                case .exited(let code): .exited(code)
                case .signaled(let signal): .signalled(signal)
                }
            }
            group.addTask {
                try await watch(heartbeat, race)
                return nil
            }
            var ending: Ending?
            while let result = try await group.next() {
                ending = ending ?? result
                if ending != nil { group.cancelAll() }
            }
            return race.limit.withLock { $0 } ?? ending ?? .signalled(SIGKILL)
        }
    }

    private var environment: Environment {
        .withoutRepository(adding: variables.merging([ProcessTree.variable: mark]) { $1 })
    }

    /// Looks at the log and the clock until a limit is passed; then ends the command.
    private func watch(_ heartbeat: @Sendable (Int) async -> Void, _ race: Race) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + timeLimit
        var looks = 0
        while clock.now < deadline {
            do { try await Task.sleep(until: min(deadline, clock.now + .milliseconds(100)), clock: clock) } catch {
                return
            }
            looks += 1
            let size = logSize
            if looks % 10 == 0 { await heartbeat(size) }
            if size > logLimit { return await end(.loggedTooMuch, race) }
        }
        await end(.timedOut, race)
    }

    private func end(_ limit: Ending, _ race: Race) async {
        race.limit.withLock { $0 = limit }
        await ProcessTree(mark: mark, leader: race.leader.withLock { $0 }).end()
    }

    /// Waits for a command that this process did not start.
    private func watchLeftover(_ heartbeat: @escaping @Sendable (Int) async -> Void) async throws -> Ending {
        let race = Race()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watch(heartbeat, race) }
            group.addTask {
                while recordedStatus == nil {
                    try await Task.sleep(for: .milliseconds(50))
                    if recordedStatus == nil, recordedProcess != nil, !tree.isAlive { break }
                }
            }
            try await group.next()
            group.cancelAll()
        }
        await tree.kill()
        try Task.checkCancellation()
        return race.limit.withLock { $0 } ?? recordedStatus.map { .exited($0) } ?? .signalled(SIGKILL)
    }

    private var logSize: Int {
        ((try? FileManager.default.attributesOfItem(atPath: log.string))?[.size] as? NSNumber)?.intValue ?? 0
    }

    private var recordedStatus: Int32? { number(in: "exit") }
    private var recordedProcess: pid_t? { number(in: "pid") }

    private func number(in file: String) -> Int32? {
        FileManager.default.contents(atPath: records.appending(file).string)
            .flatMap { Int32(String(decoding: $0, as: UTF8.self).trimmingTrailingNewlines) }
    }
}

extension SupervisedProcess.Ending: CustomStringConvertible {
    var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .signalled(let signal): "was ended by signal \(signal)"
        case .timedOut: "ran into its time limit"
        case .loggedTooMuch: "wrote more output than its log may hold"
        }
    }
}
