import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Runs the tests of commits side by side, each in a spare worktree.
struct TestRunner: Sendable {
    let worktrees: Worktrees
    let setup: RunSetup
    let directory: RunDirectory

    /// Tests one commit in the worktree of one slot.
    func test(_ commit: ObjectID, slot: Int, round: Int) async throws -> TestResult {
        let clock = ContinuousClock()
        let start = clock.now
        let place = try await worktrees.spare(slot, at: commit)
        let records = directory.test(commit, round)
        // A killed runner may have left a part of this test; a test is repeated from its start.
        let mark = "\(setup.id):test:\(commit.short)"
        await ProcessTree(mark: mark).kill()
        try? FileManager.default.removeItem(atPath: records.string)
        for (index, script) in setup.tests.enumerated() {
            let process = SupervisedProcess(
                records: records.appending("\(index + 1)"), command: script, directory: place,
                variables: ["PITWALL_COMMIT": commit.hex], mark: mark,
                timeLimit: .seconds(setup.testTimeLimit), logLimit: setup.logLimit)
            let ending = try await process.run()
            guard ending == .exited(0) else {
                return TestResult(
                    commit: commit, passed: false, reason: "`\(script)` \(ending)", log: process.log.string,
                    seconds: (clock.now - start).seconds, round: round)
            }
        }
        return TestResult(
            commit: commit, passed: true, log: records.string, seconds: (clock.now - start).seconds, round: round)
    }

    /// Tests several commits side by side and hands over each result as it comes.
    ///
    /// - Parameter decides: told of each result; when it returns `true` the others are not needed and are ended.
    func test(_ commits: [ObjectID], round: Int, decides: @Sendable (TestResult) async throws -> Bool) async throws {
        try await withThrowingTaskGroup(of: TestResult?.self) { group in
            for (slot, commit) in commits.enumerated() {
                group.addTask {
                    do {
                        return try await test(commit, slot: slot, round: round)
                    } catch is CancellationError {
                        return nil
                    }
                }
            }
            while let result = try await group.next() {
                guard let result else { continue }
                if try await decides(result) {
                    group.cancelAll()
                    break
                }
            }
        }
        try Task.checkCancellation()
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
