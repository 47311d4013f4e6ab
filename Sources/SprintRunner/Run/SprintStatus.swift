import Foundation

#if canImport(System)
    public import System
#else
    public import SystemPackage
#endif

/// The state of a run, read from outside without disturbing it.
public struct SprintStatus: Sendable {
    /// What is known so far, in the form of the final report.
    public let report: SprintReport
    /// The process that runs it; `nil` when none does.
    public let process: Int32?
    /// What each agent that is at work last wrote, and how long ago in seconds.
    public let activity: [String: (line: String, idle: Double)]

    /// Reads the state of a sprint's run, or of the latest.
    ///
    /// - Throws: ``SprintError/noRun(_:)``.
    public static func read(_ sprint: String? = nil, in directory: FilePath) async throws -> SprintStatus {
        let repository = try await Repository(at: directory)
        let home = try RunHome(repository)
        let place = try home.run(sprint)
        let state = try Journal.read(place.journal)
        let plan = try SprintPlan.read(bytes: FileManager.default.contents(atPath: place.plan.string) ?? Data())
        var judgements: [String: Judge.Judgement] = [:]
        var train: Train?
        if let setup = state.setup {
            let store = try await ObjectStore(directory: place.objects, repository: repository)
            let evaluation = RunEvaluation(plan: plan, setup: setup, store: store, state: state)
            judgements = try await evaluation.judgements()
            if let known = state.train { train = try? await evaluation.train(on: known.target, judgements) }
        }
        var activity: [String: (line: String, idle: Double)] = [:]
        for agent in plan.agents where state.started[agent.id] != nil && state.results[agent.id] == nil {
            let log = place.agent(Slug(agent.id).text).appending("log").string
            let changed = (try? FileManager.default.attributesOfItem(atPath: log))?[.modificationDate] as? Date
            let last = LogTail.lastLine(FilePath(log))
            activity[agent.id] = (last?.printable ?? "", changed.map { Date().timeIntervalSince($0) } ?? 0)
        }
        return SprintStatus(
            report: ReportBuilder(plan: plan, state: state, judgements: judgements, train: train).report(),
            process: RunLock.holder(of: home.lock), activity: activity)
    }
}
