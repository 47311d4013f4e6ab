import ArgumentParser
import Foundation
import SprintRunner
import SystemPackage
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Runs a sprint in this process until it ends or is told to stop, and prints its table.
struct SprintSession {
    var run: SprintRun

    func finish() async throws {
        var run = run
        SprintProgress.surviveWithoutReader()
        run.takeProcess()
        let owned = run
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let report = try await withThrowingTaskGroup(of: SprintReport?.self) { group in
            let work = Task { try await owned.run() }
            group.addTask { try await work.value }
            group.addTask {
                for await _ in signals { work.cancel() }
                return nil
            }
            var report: SprintReport?
            while report == nil, let next = try await group.next() { report = next }
            group.cancelAll()
            return report
        }
        guard let report else { throw ExitCode(69) }
        print(report.verdict)
        print()
        print(report.table)
        throw ExitCode(report.exitStatus)
    }
}

/// Shows what happens, on standard error, with the time.
enum SprintProgress {
    @Sendable static func show(_ event: SprintEvent) {
        if case .heartbeat = event { return }
        let time = Date().formatted(.iso8601.time(includingFractionalSeconds: false))
        try? FileHandle.standardError.write(contentsOf: Data("\(time)  \(event)\n".utf8))
    }

    /// Whoever read the lines may stop reading, as `head` does; the sprint goes on.
    ///
    /// A handler and not `SIG_IGN`, which the agents and their pipes would inherit.
    static func surviveWithoutReader() {
        signal(SIGPIPE) { _ in }
    }
}

/// Where a sprint command works.
struct SprintPlace: ParsableArguments {
    @Option(name: [.customShort("C"), .long], help: "The checkout or the bare repository.")
    var directory = "."

    var path: FilePath { Self.absolute(directory) }

    static func absolute(_ path: String) -> FilePath {
        FilePath(URL(fileURLWithPath: path).standardizedFileURL.path)
    }
}

/// A length of time as people write it: `90s`, `60m`, `2h`, or seconds alone.
struct TimeSpan: ExpressibleByArgument {
    var duration: Duration

    init(duration: Duration) { self.duration = duration }

    init?(argument: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        let unit = argument.last.flatMap { units[$0] }
        guard let number = Double(unit == nil ? argument : String(argument.dropLast())), number > 0, number < 1e7 else {
            return nil
        }
        duration = .milliseconds(Int(number * (unit ?? 1) * 1000))
    }

    var defaultValueDescription: String { "\(duration.components.seconds / 60)m" }
}

/// An error with its exit status.
struct SprintFailure: Error {
    var status: Int32
    var message: String

    /// Runs a command's work; an error is printed to standard error and becomes the documented exit status.
    static func reporting(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let failure as SprintFailure {
            try failure.exit()
        } catch let refusal as SprintPlanRefusal {
            try SprintFailure(status: 65, message: "\(refusal)").exit()
        } catch let error as SprintError {
            let isUsage = if case .unknownAgent = error { true } else { false }
            let isData = if case .damagedJournal = error { true } else { false }
            try SprintFailure(status: isUsage ? 64 : isData ? 65 : 69, message: "\(error)").exit()
        } catch let error as GitError {
            try SprintFailure(status: 69, message: "\(error)").exit()
        }
    }

    private func exit() throws {
        try? FileHandle.standardError.write(contentsOf: Data("pitwall: \(message)\n".utf8))
        throw ExitCode(status)
    }
}
