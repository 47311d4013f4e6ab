/// Settles the order of merging and of starting from all that a plan says about either.
struct OrderReader {
    private(set) var mergeOrder: [[String]] = []
    /// For each agent those that have to be done before it starts.
    private(set) var startsAfter: [String: [String]] = [:]
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []

    /// - Parameters:
    ///   - list: the order as the plan lays it out.
    ///   - dependencies: what it says each agent depends on.
    ///   - prose: what it says about order in words.
    init(ids: [String], list: MergeListReader, dependencies: OrderGraph, prose: ProseOrderReader) {
        var starts = dependencies
        starts.formUnion(prose.starts)
        var groups = Self.filled(list.groups, ids: ids)
        if list.isStartOrder {
            for (left, right) in zip(groups, groups.dropFirst()) where left.count * right.count < 10_000 {
                for before in left { for after in right { starts.add(before, before: after, line: list.line) } }
            }
            starts.formUnion(list.chains)
        }
        addHints(prose.hints, to: &starts, groups: groups.isEmpty ? list.chains.chained(of: ids) : groups)
        var all = starts
        all.formUnion(list.chains)
        if let cycle = all.cycle(of: ids) { refuse(cycle, all) }

        if !groups.isEmpty {
            reportMissing(ids: ids, groups: groups, line: list.line)
            let placed = Set(groups.joined())
            groups += all.sorted(ids.filter { !placed.contains($0) }).map { [$0] }
            groups = split(groups, by: starts)
        } else if !list.chains.edges.isEmpty {
            let chained = list.chains.chained(of: ids)
            reportMissing(ids: ids, groups: chained, line: list.line)
            groups = all.layers(of: ids.filter(Set(chained.joined()).contains))
            let placed = Set(groups.joined())
            groups += all.sorted(ids.filter { !placed.contains($0) }).map { [$0] }
        } else {
            var order = all
            order.formUnion(prose.merges)
            if let cycle = order.cycle(of: ids) {
                if diagnostics.isEmpty { refuse(cycle, order) }
                order = OrderGraph()
            }
            groups = order.sorted(ids).map { [$0] }
        }
        mergeOrder = groups
        for id in ids {
            let before = starts.predecessors(of: id)
            if !before.isEmpty { startsAfter[id] = before }
        }
    }

    /// Words can be misread: where the order is laid out, what contradicts it is dropped and said.
    private mutating func addHints(_ hints: OrderGraph, to starts: inout OrderGraph, groups: [[String]]) {
        var position: [String: Int] = [:]
        for (index, group) in groups.enumerated() { for id in group { position[id] = index } }
        for edge in hints.edges {
            if let before = position[edge.before], let after = position[edge.after], before > after {
                diagnostics.append(
                    .init(
                        line: hints.line(of: edge),
                        severity: .warning,
                        code: .orderDisagrees,
                        message:
                            "this sounds as if agent \(edge.before) came before agent \(edge.after), which the order "
                            + "of merging denies; the order of merging holds: write \"\(edge.after) starts after …\" if it "
                            + "does not"
                    )
                )
            } else {
                starts.add(edge.before, before: edge.after, line: hints.line(of: edge))
            }
        }
    }

    /// "The rest" stands for every agent that no other step names.
    private static func filled(_ groups: [OrderText.Group], ids: [String]) -> [[String]] {
        let named = Set(groups.flatMap(\.agents))
        let rest = ids.filter { !named.contains($0) }
        return groups.map { $0.isRest ? rest : $0.agents }.filter { !$0.isEmpty }
    }

    /// Parts a group in which one agent starts after another; an agent listed before one it starts after is refused.
    private mutating func split(_ groups: [[String]], by starts: OrderGraph) -> [[String]] {
        var position: [String: Int] = [:]
        for (index, group) in groups.enumerated() { for id in group { position[id] = index } }
        for edge in starts.edges {
            guard let before = position[edge.before], let after = position[edge.after], before > after else { continue }
            diagnostics.append(
                .init(
                    line: starts.line(of: edge),
                    severity: .error,
                    code: .cycle,
                    message: "agent \(edge.after) starts after agent \(edge.before) but is merged before it: "
                        + "change the order of merging or of starting"
                )
            )
        }
        return groups.flatMap { $0.count > 1 ? starts.layers(of: $0) : [$0] }
    }

    private mutating func refuse(_ cycle: [String], _ graph: OrderGraph) {
        let pairs = zip(cycle, cycle.dropFirst() + cycle.prefix(1))
        let line = pairs.map { graph.line(of: .init(before: $0, after: $1)) }.max() ?? 1
        diagnostics.append(
            .init(
                line: line,
                severity: .error,
                code: .cycle,
                message: "the order goes in a circle (\((cycle + cycle.prefix(1)).joined(separator: " → "))): "
                    + "take one of these steps out"
            )
        )
    }

    private mutating func reportMissing(ids: [String], groups: [[String]], line: Int) {
        let placed = Set(groups.joined())
        let missing = ids.filter { !placed.contains($0) }
        guard !missing.isEmpty else { return }
        diagnostics.append(
            .init(
                line: line,
                severity: .warning,
                code: .incompleteOrder,
                message: "the order of merging leaves out \(missing.joined(separator: ", ")), merged last: name them"
            )
        )
    }
}
