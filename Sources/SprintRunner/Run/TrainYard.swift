import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Builds the train of a run, has it tested and lands it, as often as a moving remote makes it necessary.
struct TrainYard: Sendable {
    /// How often a remote that moves meanwhile is followed before the run gives up.
    static let mostReplays = 5

    let run: SprintRun
    private var landing: Landing { Landing(repository: run.repository, setup: run.setup) }

    /// Lands what can land and returns the last train that was built.
    func land(_ judgements: [String: Judge.Judgement]) async throws -> Train? {
        var train: Train?
        do {
            var builds = 0
            while builds < Self.mostReplays {
                if try await completeMove() { break }
                let target = try await target()
                if let last = train, last.target != target.start { run.report(.replaying(on: target.start.short)) }
                let built = try await couple(on: target.start, judgements)
                train = built
                guard !built.cars.isEmpty else {
                    try await run.journal.write(.finished(.nothingToLand))
                    return built
                }
                switch try await test(built) {
                case .passed: builds += 1
                case .again: continue
                case .failed(let reason):
                    try await run.journal.write(.finished(.testsFailed(reason)))
                    return built
                }
                if try await move(Landing.Move(old: target.main, new: built.head)) { break }
            }
            try await settle()
        } catch let refusal as Refusal {
            try await run.journal.write(.finished(.refused(refusal.reason)))
        } catch let lost as LostLines {
            try await run.journal.write(.finished(.refused("\(lost)")))
        }
        return train
    }

    /// Something outside the plan that stands in the way.
    private struct Refusal: Error {
        var reason: String
    }

    /// Finds out whether a move that was announced has happened, and ends it.
    private func completeMove() async throws -> Bool {
        let state = await run.journal.state
        guard let move = state.move else { return false }
        if state.landed == nil {
            var isPushed = state.pushed == move.new
            if run.setup.push, !isPushed, let tip = try await landing.fetch(),
                try await run.store.git.isAncestor(move.new, of: tip)
            {
                try await run.journal.write(.pushed(move.new))
                isPushed = true
            }
            let isMoved = try await run.repository.ref(run.setup.branch) == move.new
            guard isMoved || isPushed else { return false }
            if !isMoved { try await landing.land(move) }
            try await run.journal.write(.landed(move.new))
        }
        return true
    }

    private func target() async throws -> (main: ObjectID, start: ObjectID) {
        let name = run.setup.branchName
        guard let main = try await run.repository.ref(run.setup.branch) else {
            throw Refusal(reason: "\(name) is gone: make it again at \(run.setup.main.short), then resume")
        }
        let tip = run.setup.fetches ? try await landing.fetch() : nil
        if main != run.setup.main, !run.acceptsMovedMain {
            let isPulled = if let tip { try await run.store.git.isAncestor(main, of: tip) } else { false }
            guard isPulled else {
                throw Refusal(
                    reason: "\(name) was moved to \(main.short) by somebody while the agents worked: look at it, then"
                        + " `pitwall sprint resume --accept-main` lands on top of it")
            }
        }
        if let pushed = await run.journal.state.trespasses.first(where: {
            $0.kind == .push && $0.text.hasPrefix(run.setup.branch)
        }),
            let tip, tip != run.setup.snapshot.remote?[run.setup.branch]
        {
            throw Refusal(reason: "\(pushed.agent ?? "somebody"): \(pushed.text), then resume")
        }
        var start = main
        for other in [run.setup.base, tip].compactMap({ $0 }) where other != start {
            if try await run.store.git.isAncestor(start, of: other) {
                start = other
            } else if try await !run.store.git.isAncestor(other, of: start) {
                throw Refusal(
                    reason: "\(name) and its remote have gone apart: merge them, then resume with --accept-main")
            }
        }
        return (main, start)
    }

    private func couple(on target: ObjectID, _ judgements: [String: Judge.Judgement]) async throws -> Train {
        let train = try await run.evaluation.train(on: target, judgements)
        try await run.journal.write(.coupled(target: target, head: train.head, agents: train.cars.map(\.agent)))
        // A ref keeps git's housekeeping from taking the commits away before they land.
        try await run.repository.git.run(["update-ref", "--no-deref", trainRef, train.head.hex])
        run.report(.coupled(agents: train.cars.map(\.agent), conflicts: train.conflicts.map(\.agent)))
        return train
    }

    private var trainRef: String { "refs/pitwall/\(Slug(run.setup.sprint).text)/train" }

    private enum Verdict {
        case passed
        /// An agent was taken out; the train has to be built again.
        case again
        case failed(String)
    }

    /// Tests the train, and where it fails finds the merge that breaks it.
    private func test(_ train: Train) async throws -> Verdict {
        guard !run.setup.tests.isEmpty else { return .passed }
        let commits = [train.target] + train.prefixes
        var search = CulpritSearch(count: train.cars.count, slots: run.setup.slots)
        let known = await run.journal.state.tests
        for (prefix, commit) in commits.enumerated() {
            if let result = known[commit] { search.record(prefix, passed: result.passed) }
        }
        var round = 0
        while true {
            switch search.next {
            case .passes: return .passed
            case .failsBefore:
                return .failed(
                    "the tests fail on \(train.target.short) before any merge: \(await reason(train.target))")
            case .culprit(let prefix):
                let agent = train.cars[prefix - 1].agent
                let reason = await reason(commits[prefix])
                run.report(.culprit(agent: agent))
                try await run.journal.write(.uncoupled(agent: agent, reason: reason))
                return run.keepsGoing ? .again : .failed("the tests fail from the merge of \(agent) on: \(reason)")
            case .test(let prefixes):
                round += 1
                let whole = train.head
                run.report(.testing(round: round, prefixes: prefixes.count))
                let runner = TestRunner(worktrees: run.worktrees, setup: run.setup, directory: run.directory)
                // The whole train first: when it passes, the rest need not even be checked out.
                let wanted = prefixes.reversed().map { commits[$0] }
                try await runner.test(wanted, round: round) { result in
                    try await run.journal.write(.tested(result))
                    run.report(.tested(commit: result.commit.short, passed: result.passed))
                    // When the whole train passes, its prefixes are nobody's concern.
                    return result.commit == whole && result.passed
                }
                let results = await run.journal.state.tests
                for prefix in prefixes {
                    if let result = results[commits[prefix]] { search.record(prefix, passed: result.passed) }
                }
            }
        }
    }

    private func reason(_ commit: ObjectID) async -> String {
        let result = await run.journal.state.tests[commit]
        return (result?.reason ?? "failed") + (result.map { ", see \($0.log)" } ?? "")
    }

    /// Moves the branch; `false` when it or the remote's has moved meanwhile.
    private func move(_ move: Landing.Move) async throws -> Bool {
        if let obstacle = try await landing.obstacle(move) {
            throw Refusal(reason: "the checkout cannot follow without losing work (\(obstacle)): save it, then resume")
        }
        guard try await run.repository.ref(run.setup.branch) == move.old else { return false }
        try await run.store.secure(move.new, beyond: move.old)
        try await run.journal.write(.landing(move))
        if run.setup.push {
            switch try await landing.push(move.new) {
            case .accepted:
                try await run.journal.write(.pushed(move.new))
                run.report(.pushed(remote: run.setup.remote ?? ""))
            case .outdated: return false
            case .refused(let reason): try await run.journal.write(.pushRefused(reason))
            }
        }
        do {
            try await landing.land(move)
        } catch let error as GitError {
            guard try await run.repository.ref(run.setup.branch) == move.old else { return false }
            throw error
        }
        try await run.journal.write(.landed(move.new))
        run.report(.landed(branch: run.setup.branchName, commit: move.new.short))
        return true
    }

    /// Brings the checkout along and ends the run.
    private func settle() async throws {
        let state = await run.journal.state
        guard let move = state.move, state.landed != nil else {
            throw Refusal(reason: "the remote moved \(Self.mostReplays) times while the train was tested: resume")
        }
        if !state.isRefreshed {
            try await landing.refresh(move, store: run.store)
            try await run.journal.write(.refreshed)
        }
        if run.setup.push, state.pushed == nil {
            switch try await landing.push(move.new) {
            case .accepted:
                try await run.journal.write(.pushed(move.new))
                run.report(.pushed(remote: run.setup.remote ?? ""))
            case .outdated: throw Refusal(reason: "landed, but the remote has moved: push by hand")
            case .refused(let reason):
                try await run.journal.write(.pushRefused(reason))
                throw Refusal(reason: "landed, but not pushed: \(reason)")
            }
        }
        try await run.journal.write(.finished(.landed))
    }
}

extension Concatenation {
    /// A concatenation as the plan writes it.
    init(_ plan: SprintPlan.Concatenation) {
        sources = plan.sources.map { source in { @Sendable path in source.matches(path.text) } }
        destination = TreePath(plan.destination.description)
        title = "Concatenate \(plan.sources.map(\.description).joined(separator: " ")) into \(plan.destination)"
    }
}
