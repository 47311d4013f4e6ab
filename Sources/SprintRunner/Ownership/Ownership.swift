/// Judges what an agent's branch changes against what the plan allows it to change.
struct Ownership {
    let plan: SprintPlan
    let objects: ObjectSession

    /// One verdict for every path that differs between an agent's base and its branch.
    func judge(_ agent: SprintPlan.Agent, _ changes: [TreeChange], base: ObjectID) async throws -> [PathVerdict] {
        let collisions = try await CaseCollisions(objects: objects, tree: objects.tree(of: base), changes: changes)
        var verdicts: [PathVerdict] = []
        for change in changes {
            if let reason = try await hazard(change) ?? collisions.reason(for: change) {
                verdicts.append(PathVerdict(path: change.path, kind: .violation, reason: reason))
                continue
            }
            verdicts.append(try await judge(agent, change))
            // A rename deletes its source, which has to be the agent's to delete.
            if let source = change.source, agent.claim(on: source.text) != .owned,
                agent.claim(on: source.text) != .output
            {
                verdicts.append(
                    PathVerdict(
                        path: source, kind: .violation, reason: "renamed away and \(owner(of: source, but: agent))"))
            }
        }
        return verdicts
    }

    private func judge(_ agent: SprintPlan.Agent, _ change: TreeChange) async throws -> PathVerdict {
        func verdict(_ kind: PathVerdict.Class, _ reason: String? = nil) -> PathVerdict {
            PathVerdict(path: change.path, kind: kind, reason: reason)
        }
        let isText = String(validating: change.path.bytes, as: UTF8.self) != nil
        switch isText ? agent.claim(on: change.path.text) : .unclaimed {
        case .owned: return verdict(.owned)
        case .output: return verdict(.output)
        case .denied: return verdict(.violation, "the plan says that this agent must not touch it")
        case .append:
            if let reason = try await notOnlyGrown(change) { return verdict(.violation, reason) }
            return verdict(.append)
        case .unclaimed: break
        }
        let others = plan.agents.filter {
            $0.id != agent.id && [.owned, .output].contains($0.claim(on: change.path.text))
        }
        if !others.isEmpty, isText {
            return verdict(.violation, "it is \(Self.list(others.map(\.id)))'s")
        }
        let name = change.path.name
        if [".gitattributes", ".gitmodules", ".gitignore", ".mailmap"].contains(name.lowercased()) {
            return verdict(.violation, "it tells git how to treat files and is nobody's")
        }
        switch change.kind {
        case .added, .renamed:
            return verdict(.extra)
        case .modified where change.old?.mode == change.new?.mode:
            if plan.rules.mayFixOthersTests, TestFiles.isTest(change.path) { return verdict(.testFix) }
            return verdict(.violation, "it was there before and is not this agent's to change")
        case .modified: return verdict(.violation, "its mode was changed and it is not this agent's")
        case .typeChanged: return verdict(.violation, "its kind was changed and it is not this agent's")
        case .deleted: return verdict(.violation, "it was deleted and is not this agent's")
        }
    }

    private func owner(of path: TreePath, but agent: SprintPlan.Agent) -> String {
        let others = plan.agents.filter { $0.id != agent.id && $0.claim(on: path.text) == .owned }.map(\.id)
        return others.isEmpty ? "is not this agent's" : "is \(Self.list(others))'s"
    }

    private static func list(_ ids: [String]) -> String { ids.joined(separator: " and ") }

    /// What no plan can allow, because it reaches outside the tree or cannot be seen through.
    private func hazard(_ change: TreeChange) async throws -> String? {
        for path in change.paths where path.components.contains(where: GitDirectoryName.matches) {
            return "it would be part of a git directory"
        }
        guard let new = change.new, new != change.old else { return nil }
        switch new.mode {
        case .submodule: return "it is a submodule: its content is not in the branch"
        case .symbolicLink:
            let target = try await objects.blob(new.id)
            return SymbolicLink.isInside(target, from: change.path) ? nil : "it is a symbolic link that leads outside"
        default: return nil
        }
    }

    /// Why a change of an append file is more than an addition.
    private func notOnlyGrown(_ change: TreeChange) async throws -> String? {
        guard let new = change.new else { return "a file to append to was deleted" }
        guard new.mode.isRegularFile, change.source == nil else { return "a file to append to was replaced" }
        guard let old = change.old else { return nil }
        guard old.mode == new.mode else { return "a file to append to got another mode" }
        let blobs = try await objects.blobs([old.id, new.id])
        guard let before = blobs[old.id].map(Lines.init), let after = blobs[new.id].map(Lines.init) else { return nil }
        if after.appended(to: before) != nil { return nil }
        guard let hunks = LineDiff.hunks(from: before.lines, to: after.lines) else {
            return "a file to append to was rewritten"
        }
        let removed = hunks.reduce(0) { $0 + $1.old.count }
        return removed == 0 ? nil : "\(removed) lines of a file to append to were changed or removed"
    }
}
