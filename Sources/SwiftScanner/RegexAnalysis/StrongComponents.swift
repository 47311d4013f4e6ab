/// The strongly connected components of a graph, by Tarjan's algorithm without recursion.
///
/// Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1, 1972.
struct StrongComponents {
    /// For each node the number of its component.
    private(set) var component: [Int]

    init(count: Int, next: (Int) -> [Int]) {
        component = [Int](repeating: -1, count: count)
        var index = [Int](repeating: -1, count: count)
        var low = [Int](repeating: 0, count: count)
        var counter = 0
        var components = 0
        var open: [Int] = []
        for root in 0..<count where index[root] < 0 {
            var path: [(node: Int, targets: [Int])] = []
            func enter(_ node: Int) {
                index[node] = counter
                low[node] = counter
                counter += 1
                open.append(node)
                path.append((node, next(node)))
            }
            enter(root)
            while let (node, targets) = path.last {
                if let target = targets.last {
                    path[path.count - 1].targets.removeLast()
                    if index[target] < 0 {
                        enter(target)
                    } else if component[target] < 0 {
                        low[node] = min(low[node], index[target])
                    }
                    continue
                }
                path.removeLast()
                if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
                guard low[node] == index[node] else { continue }
                while let member = open.popLast() {
                    component[member] = components
                    if member == node { break }
                }
                components += 1
            }
        }
    }
}
