/// What has to come before what, by agent id.
struct OrderGraph {
    struct Edge: Hashable {
        let before: String
        let after: String
    }

    private var lines: [Edge: Int] = [:]
    private(set) var edges: [Edge] = []

    mutating func add(_ before: String, before after: String, line: Int) {
        let edge = Edge(before: before, after: after)
        guard lines[edge] == nil else { return }
        lines[edge] = line
        edges.append(edge)
    }

    mutating func formUnion(_ other: OrderGraph) {
        for edge in other.edges { add(edge.before, before: edge.after, line: other.lines[edge] ?? 1) }
    }

    func line(of edge: Edge) -> Int { lines[edge] ?? 1 }

    /// What has to come right before an id, in the order it was stated.
    func predecessors(of id: String) -> [String] {
        edges.filter { $0.after == id }.map(\.before)
    }

    /// The ids in layers: each as early as the edges allow. What is part of a cycle is in no layer.
    func layers(of ids: [String]) -> [[String]] {
        var waiting = Dictionary(uniqueKeysWithValues: ids.map { ($0, 0) })
        var followers: [String: [String]] = [:]
        for edge in edges where waiting[edge.before] != nil && waiting[edge.after] != nil {
            waiting[edge.after, default: 0] += 1
            followers[edge.before, default: []].append(edge.after)
        }
        var layers: [[String]] = []
        var current = ids.filter { waiting[$0] == 0 }
        while !current.isEmpty {
            layers.append(current)
            var next: Set<String> = []
            for id in current {
                for follower in followers[id] ?? [] {
                    waiting[follower, default: 0] -= 1
                    if waiting[follower] == 0 { next.insert(follower) }
                }
            }
            current = next.isEmpty ? [] : ids.filter { next.contains($0) }
        }
        return layers
    }

    /// The layers of those ids that some edge names.
    func chained(of ids: [String]) -> [[String]] {
        let named = Set(edges.flatMap { [$0.before, $0.after] })
        return layers(of: ids.filter(named.contains))
    }

    /// One cycle, each id before the next and the last before the first; nil when there is none.
    func cycle(of ids: [String]) -> [String]? {
        let free = Set(layers(of: ids).joined())
        guard let start = ids.first(where: { !free.contains($0) }) else { return nil }
        var path: [String] = []
        var next = start
        // Every id that is left has a predecessor that is left, so that walking back must close a circle.
        while let previous = edges.first(where: { $0.after == next && !free.contains($0.before) })?.before {
            if let index = path.firstIndex(of: previous) { return path[index...].reversed() }
            path.append(previous)
            next = previous
        }
        return path.isEmpty ? nil : path.reversed()
    }

    /// The ids in the given order as far as the edges allow it.
    func sorted(_ ids: [String]) -> [String] {
        let layer = Dictionary(
            layers(of: ids).enumerated().flatMap { index, layer in layer.map { ($0, index) } },
            uniquingKeysWith: { first, _ in first }
        )
        var followers: [String: [String]] = [:]
        var waiting = Dictionary(uniqueKeysWithValues: ids.map { ($0, 0) })
        for edge in edges where layer[edge.before] != nil && layer[edge.after] != nil {
            waiting[edge.after, default: 0] += 1
            followers[edge.before, default: []].append(edge.after)
        }
        var result: [String] = []
        var rest = ids
        while let position = rest.firstIndex(where: { waiting[$0] == 0 }) {
            let id = rest.remove(at: position)
            result.append(id)
            for follower in followers[id] ?? [] { waiting[follower, default: 0] -= 1 }
        }
        return result + rest
    }
}
