public import Foundation

#if canImport(System)
    public import System
#else
    public import SystemPackage
#endif

/// A run of a plan in a repository, from its pre-flight to its report.
///
/// Each step is written to the journal before it begins, so ``resume()`` can take up a run that ended anywhere.
/// Cancelling the task that runs it ends the agents with all their children and leaves a run that can be resumed.
public struct SprintRun: Sendable {
    /// The plan being run.
    public let plan: SprintPlan

    let repository: Repository
    let setup: RunSetup
    let directory: RunDirectory
    let store: ObjectStore
    let journal: Journal
    let worktrees: Worktrees
    let report: @Sendable (SprintEvent) -> Void
    /// Whether this process may end every process that descends from it; not so in a process with other work.
    var ownsProcess = false
    /// Whether the rest lands without agents whose merges break the tests, whatever the run was begun with.
    var keepsGoing: Bool
    /// Whether a main branch that somebody moved by hand is taken as the new target.
    var acceptsMovedMain = false
    private let lock: RunLock

    /// Looks at a repository and a plan and tells what a run would do, changing nothing.
    ///
    /// - Throws: ``SprintError/preflight(_:)`` with all that stands in the way.
    public static func rehearse(
        _ plan: SprintPlan, file: FilePath, in directory: FilePath, options: SprintRunOptions
    ) async throws -> [String] {
        let repository = try await Repository(at: directory)
        let preflight = Preflight(
            repository: repository, checkout: directory, plan: plan, planFile: file, options: options)
        return try await preflight.check().notices
    }

    /// Checks everything and begins a run; nothing of the plan has been done when this returns.
    ///
    /// - Parameters:
    ///   - text: the plan's bytes; a copy is kept with the run.
    ///   - file: the plan's file, for its name.
    ///   - directory: the checkout, or the bare repository, to run in.
    /// - Throws: ``SprintError``, or ``SprintPlanRefusal`` for a plan that cannot be run.
    public static func begin(
        text: Data, file: FilePath, in directory: FilePath, options: SprintRunOptions,
        report: @escaping @Sendable (SprintEvent) -> Void = { _ in }
    ) async throws -> SprintRun {
        let plan = try SprintPlan.read(bytes: text)
        let repository = try await Repository(at: directory)
        let home = try RunHome(repository)
        let lock = try RunLock(at: home.lock)
        if let latest = try? home.run(nil), case let state = try Journal.read(latest.journal), state.setup != nil,
            !state.isOver
        {
            throw SprintError.unfinished(sprint: state.setup?.sprint ?? "")
        }
        let preflight = Preflight(
            repository: repository, checkout: directory, plan: plan, planFile: file, options: options)
        let (setup, notices) = try await preflight.check()
        for notice in notices { report(.notice(notice)) }
        let place = home.directory(of: setup.sprint)
        if FileManager.default.fileExists(atPath: place.path.string) { try home.archive(place) }
        try FileManager.default.createDirectory(atPath: place.path.string, withIntermediateDirectories: true)
        try text.write(to: URL(fileURLWithPath: place.plan.string), options: .atomic)
        try home.select(setup.sprint)
        let journal = try Journal(at: place.journal, hook: CrashPoint.fromEnvironment)
        try await journal.write(.beginning(setup))
        return try await SprintRun(plan, repository, setup, place, journal, lock, report)
    }

    /// Opens a run that has begun, to go on with it.
    ///
    /// - Parameter sprint: the sprint as its plan calls it; `nil` for the latest.
    /// - Throws: ``SprintError``, among them ``SprintError/abandoned(sprint:)`` for a run that was given up.
    public static func reopen(
        _ sprint: String? = nil, in directory: FilePath, report: @escaping @Sendable (SprintEvent) -> Void = { _ in }
    ) async throws -> SprintRun {
        let repository = try await Repository(at: directory)
        let home = try RunHome(repository)
        let place = try home.run(sprint)
        let lock = try RunLock(at: home.lock)
        let journal = try Journal(at: place.journal, hook: CrashPoint.fromEnvironment)
        guard let setup = await journal.state.setup else { throw SprintError.noRun(sprint) }
        guard await journal.state.ending != .abandoned else { throw SprintError.abandoned(sprint: setup.sprint) }
        let plan = try SprintPlan.read(bytes: FileManager.default.contents(atPath: place.plan.string) ?? Data())
        return try await SprintRun(plan, repository, setup, place, journal, lock, report)
    }

    private init(
        _ plan: SprintPlan, _ repository: Repository, _ setup: RunSetup, _ directory: RunDirectory, _ journal: Journal,
        _ lock: RunLock, _ report: @escaping @Sendable (SprintEvent) -> Void
    ) async throws {
        self.plan = plan
        self.repository = repository
        self.setup = setup
        self.directory = directory
        self.journal = journal
        self.lock = lock
        self.report = report
        keepsGoing = setup.keepGoing
        store = try await ObjectStore(directory: directory.objects, repository: repository)
        worktrees = Worktrees(repository, root: FilePath(setup.worktrees))
    }

    /// Does all that is left to do and returns the report, which is also kept with the run.
    public func run() async throws -> SprintReport {
        do {
            return try await proceed()
        } catch let error where error is CancellationError || Task.isCancelled {
            // In a task of its own, which nobody cancels: what was reached is still written down in full.
            return try await Task {
                try await journal.write(.stopped)
                return try await finish(train: nil, try await judgements())
            }.value
        }
    }

    private func proceed() async throws -> SprintReport {
        if await journal.state.ending == .landed { return try await finish(train: nil, try await judgements()) }
        if let tag = setup.tag { try await mark(tag) }
        try await AgentHooks(directory: directory.hooks).install(existing: repository.hooks())
        try await AgentPool(run: self).gather()
        if ownsProcess { await ProcessTree.endOrphans() }
        try await inspect()
        try await retry()
        let judgements = try await judgements()
        let train = try await TrainYard(run: self).land(judgements)
        try await worktrees.removeSpares()
        return try await finish(train: train, judgements)
    }

    private func mark(_ tag: String) async throws {
        guard await journal.state.tag == nil else { return }
        let name = "refs/tags/\(tag)"
        if try await repository.ref(name) == nil {
            try await repository.moveRef(
                name, from: nil, to: setup.main, reason: "pitwall: before sprint \(setup.sprint)")
        }
        try await journal.write(.tagged(tag))
    }

    /// Looks from outside for what agents must not have done, and puts it back.
    private func inspect() async throws {
        // What was changed after the agents had ended was not changed by them.
        guard await !journal.state.isGathered else { return }
        let watch = RepositoryGuard(
            repository: repository, store: store, setup: setup, aside: directory.path.appending("put-back"))
        for trespass in watch.settings() { try await note(trespass) }
        try watch.restoreSettings()
        switch try await watch.head() {
        case .asItWas: break
        case .elsewhere(let place): report(.notice("the main checkout shows \(place) now, and is left there"))
        case .broken(let trespass):
            try await note(trespass)
            try watch.restoreHead()
        }
        try await findHiddenBranches()
        let state = await journal.state
        let heads = state.results.compactMapValues(\.head)
        for change in try await watch.refs(heads: heads) {
            try await note(change.trespass)
            try await watch.undo(change)
        }
        if setup.fetches, let remote = setup.remote {
            let refs = try await RemoteRefs(repository: repository, remote: remote).list()
            for trespass in try await watch.pushes(remote: refs, heads: heads) { try await note(trespass) }
        }
        for agent in plan.agents where state.results[agent.id] != nil && state.leftOvers[agent.id] == nil {
            let place = worktrees.path(of: agent.id)
            guard let leftOver = try await LeftOver.of(agent.id, in: place, of: repository) else { continue }
            try await journal.write(.leftOver(leftOver))
            report(.leftOver(agent: agent.id, what: leftOver.description))
        }
        try await journal.write(.gathered)
    }

    /// While the repository's `HEAD` was broken, no branch could be read; the work on them is there all the same.
    private func findHiddenBranches() async throws {
        for var result in await journal.state.results.values where result.head == nil {
            guard let branch = setup.branches[result.agent], let head = try await repository.ref(branch) else {
                continue
            }
            result.head = head
            try await journal.write(.ended(result))
        }
    }

    /// What failed its tests may have been mended since, on a branch or on the machine: it is tested again.
    ///
    /// Whoever asked to go on without the culprit does not ask for that.
    private func retry() async throws {
        let state = await journal.state
        switch state.ending {
        case .testsFailed where !keepsGoing || state.uncoupled.isEmpty, .nothingToLand: break
        default: return
        }
        var heads: [String: ObjectID] = [:]
        for (agent, result) in state.results {
            guard let branch = setup.branches[agent], let head = try await repository.ref(branch) else { continue }
            if head != result.head { heads[agent] = head }
        }
        try await journal.write(.retrying(heads: heads))
    }

    private func note(_ trespass: Trespass) async throws {
        guard await !journal.state.trespasses.contains(trespass) else { return }
        try await journal.write(.trespassed(trespass))
        report(.trespass((trespass.agent.map { "\($0): " } ?? "") + trespass.text))
    }

    /// What may land of each agent that has ended.
    func judgements() async throws -> [String: Judge.Judgement] {
        try await evaluation.judgements()
    }

    /// What the journal and the branches come to by now.
    var evaluation: RunEvaluation {
        get async { RunEvaluation(plan: plan, setup: setup, store: store, state: await journal.state) }
    }

    private func finish(train: Train?, _ judgements: [String: Judge.Judgement]) async throws -> SprintReport {
        let state = await journal.state
        var train = train
        if train == nil, let known = state.train {
            train = try? await evaluation.train(on: known.target, judgements)
        }
        let report = ReportBuilder(plan: plan, state: state, judgements: judgements, train: train).report()
        try Data(report.markdown.utf8).write(to: URL(fileURLWithPath: directory.reportText.string), options: .atomic)
        try report.json().write(to: URL(fileURLWithPath: directory.reportData.string), options: .atomic)
        return report
    }

    /// Says that this process has no other work, so that it may adopt and end whatever descends from it.
    public mutating func takeProcess() {
        ownsProcess = true
        ProcessTree.adoptOrphans()
    }

    /// Says that the rest may land without agents whose merges break the tests.
    public mutating func keepGoing() {
        keepsGoing = true
    }

    /// Says that the main branch may have been moved by hand meanwhile.
    public mutating func acceptMovedMain() {
        acceptsMovedMain = true
    }
}

extension RunState {
    /// Whether there is nothing left to do or to try again.
    var isOver: Bool {
        switch ending {
        case .landed: isRefreshed
        case .nothingToLand, .testsFailed, .abandoned: true
        case .refused, nil: false
        }
    }
}
