import Foundation

/// Where a run stands: nothing but what its journal tells.
struct RunState: Sendable {
    var setup: RunSetup?
    var tag: String?
    var bases: [String: ObjectID] = [:]
    var started: [String: Date] = [:]
    var late: Set<String> = []
    var results: [String: AgentResult] = [:]
    var trespasses: [Trespass] = []
    var leftOvers: [String: LeftOver] = [:]
    var isGathered = false
    var train: (target: ObjectID, head: ObjectID, agents: [String])?
    var tests: [ObjectID: TestResult] = [:]
    var testRounds = 0
    var uncoupled: [(agent: String, reason: String)] = []
    var move: Landing.Move?
    var pushed: ObjectID?
    var pushRefusal: String?
    var landed: ObjectID?
    var isRefreshed = false
    var isStopped = false
    var ending: RunEnding?
    var began: Date?
    var latest: Date?

    mutating func apply(_ record: JournalRecord) {
        latest = record.time
        switch record.step {
        case .beginning(let setup):
            self.setup = setup
            began = record.time
        case .tagged(let name): tag = name
        case .preparing(let agent, let base): bases[agent] = base
        case .starting(let agent):
            if started[agent] == nil { started[agent] = record.time }
            isStopped = false
        case .late(let agent): late.insert(agent)
        case .ended(let result): results[result.agent] = result
        case .trespassed(let trespass): trespasses.append(trespass)
        case .leftOver(let leftOver): leftOvers[leftOver.agent] = leftOver
        case .gathered: isGathered = true
        case .coupled(let target, let head, let agents): train = (target, head, agents)
        case .tested(let result):
            tests[result.commit] = result
            testRounds = max(testRounds, result.round)
        case .uncoupled(let agent, let reason): uncoupled.append((agent, reason))
        case .retrying(let heads):
            for (agent, head) in heads { results[agent]?.head = head }
            uncoupled = []
            tests = tests.filter(\.value.passed)
            ending = nil
        case .landing(let move): self.move = move
        case .pushed(let commit):
            pushed = commit
            pushRefusal = nil
        case .pushRefused(let reason): pushRefusal = reason
        case .landed(let commit): landed = commit
        case .refreshed: isRefreshed = true
        case .stopped: isStopped = true
        case .finished(let ending): self.ending = ending
        }
    }
}
