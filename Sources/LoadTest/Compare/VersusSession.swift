import Foundation
import LatencyComparison
import ResultFile

/// A comparison of two targets at a terminal: live line and verdict on stderr, the report in a file.
public struct VersusSession: Sendable {
    private let options: LoadOptions
    private let other: Target
    private let comparison: ComparisonOptions
    private let output: String

    /// Prepares a session.
    ///
    /// - Parameters:
    ///   - options: What to push at A and how hard.
    ///   - other: B's address.
    ///   - marginPercent: Differences up to so many percent do not matter.
    ///   - output: The file for the report.
    /// - Throws: ``TargetError`` and ``UsageError``.
    public init(options: LoadOptions, versus other: String, marginPercent: Double, output: String) throws {
        self.options = options
        self.other = try Target(other, unixSocket: nil)
        comparison = try ComparisonOptions(marginPercent: marginPercent)
        self.output = output
        try options.checkEncryption(of: [options.target, self.other])
        let pairs = options.duration / VersusRunner.pairDuration
        guard pairs >= Double(comparison.fewestBlocks) else {
            let least = (VersusRunner.pairDuration * comparison.fewestBlocks).components.seconds
            throw UsageError(
                "--duration \((Double(nanoseconds(options.duration)) / 1e9).rounded(places: 1)) is too short for --versus: a verdict needs "
                    + "\(comparison.fewestBlocks) pairs of slices, \(least) s a scenario at least")
        }
    }

    /// Asks before either target is pushed.
    ///
    /// - Throws: ``UsageError`` without consent.
    public func ask(isGranted: Bool) throws(UsageError) {
        try TargetConsent.ask(for: options.target, isGranted: isGranted)
        try TargetConsent.ask(for: other, isGranted: isGranted)
    }

    /// Runs the comparison, prints it and saves it.
    public func run() async throws -> ComparisonReport {
        try ResultFile(output).check()
        let terminal = RunTerminal()
        defer { terminal.close() }
        let live = terminal.live
        let runner = VersusRunner(
            options, versus: other, comparison: comparison, interruption: terminal.interruption
        ) { live.show($0) }
        let report = try await runner.run()
        live.clear()
        // Whatever keeps the file from being written, people see what was decided.
        defer { RunTerminal.printError(report.text) }
        try report.json().writeResult(to: output)
        return report
    }
}
