import Foundation

extension SprintPlan {
    /// The plan as JSON with every key, absent values as `null`: what `pitwall sprint plan --json` prints.
    ///
    /// `append` lists an agent's own output files and the shared files that it appends to, in the plan's order.
    ///
    /// - Throws: nothing that a plan's text could cause.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Document(self)), as: UTF8.self)
    }

    private struct Document: Encodable {
        let plan: SprintPlan

        init(_ plan: SprintPlan) {
            self.plan = plan
        }

        private enum Key: String, CodingKey {
            case sprint, title, tag, agents
            case mergeOrder = "merge_order"
            case test, push, concat, diagnostics
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(plan.sprint, forKey: .sprint)
            try container.encode(plan.title, forKey: .title)
            try container.encode(plan.tag, forKey: .tag)
            try container.encode(plan.agents.map(AgentDocument.init), forKey: .agents)
            try container.encode(plan.mergeOrder, forKey: .mergeOrder)
            try container.encode(plan.tests.map(\.command), forKey: .test)
            try container.encode(plan.push, forKey: .push)
            try container.encode(plan.concatenations.map(\.description), forKey: .concat)
            try container.encode(plan.diagnostics.map(DiagnosticDocument.init), forKey: .diagnostics)
        }
    }

    private struct AgentDocument: Encodable {
        let agent: Agent

        private enum Key: String, CodingKey {
            case id, title, owned, deny, append, commit, prompt
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(agent.id, forKey: .id)
            try container.encode(agent.title, forKey: .title)
            try container.encode(agent.owned.map(FileDocument.init), forKey: .owned)
            try container.encode(agent.deny.map(\.description), forKey: .deny)
            try container.encode((agent.outputs + agent.append).map(\.description), forKey: .append)
            try container.encode(agent.commit, forKey: .commit)
            try container.encode(agent.prompt, forKey: .prompt)
        }
    }

    private struct FileDocument: Encodable {
        let file: OwnedFile

        private enum Key: String, CodingKey {
            case path, note, new
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(file.path.description, forKey: .path)
            try container.encode(file.note, forKey: .note)
            try container.encode(file.isNew, forKey: .new)
        }
    }

    private struct DiagnosticDocument: Encodable {
        let line: Int
        let severity: String
        let code: String
        let message: String

        init(_ diagnostic: Diagnostic) {
            line = diagnostic.line
            severity = diagnostic.severity.rawValue
            code = diagnostic.code.rawValue
            message = diagnostic.message
        }
    }
}
