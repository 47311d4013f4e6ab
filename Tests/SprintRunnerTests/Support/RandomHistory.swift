/// A base and branches that nobody thought of, made from a seed: files are lists of lines, and every line is of one
/// kind of origin, so that a model can tell where each belongs.
struct RandomHistory {
    /// A file as the model sees it: where it is, and what it holds.
    struct File: Hashable {
        var path: String
        var lines: [String]
    }

    /// Files by what they are, whatever they are called: a rename keeps the key.
    typealias Tree = [String: File]

    struct Branch {
        var name: String
        var tree: Tree
    }

    /// Declared in the plan as appended to.
    static let declared = "log.md"
    /// Not declared; its history shows it.
    static let grown = "history.md"

    /// Versions of the base, oldest first: in each, ``grown`` is longer.
    private(set) var bases: [Tree] = []
    private(set) var branches: [Branch] = []
    var base: Tree { bases[bases.count - 1] }

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var tree: Tree = [Self.declared: File(path: Self.declared, lines: ["# Log"])]
        for index in 0..<Int.random(in: 3...5, using: &random) {
            let path = "dir\(index % 2)/f\(index)"
            tree[path] = File(path: path, lines: (0..<12).map { "f\(index) line \($0)" })
        }
        for version in 0...2 {
            tree[Self.grown, default: File(path: Self.grown, lines: [])].lines.append("version \(version)")
            bases.append(tree)
        }
        for index in 0..<Int.random(in: 2...6, using: &random) {
            branches.append(Branch(name: "\(index)", tree: Self.changed(tree, "b\(index)", &random)))
        }
    }

    private static func changed(_ base: Tree, _ branch: String, _ random: inout SeededGenerator) -> Tree {
        var tree = base
        for path in [declared, grown] where Int.random(in: 0..<3, using: &random) > 0 {
            // Some lines are the same on every branch, and have to be there once for each.
            tree[path]?.lines += Bool.random(using: &random) ? ["---", "\(branch) in \(path)"] : ["---"]
        }
        let sources = base.keys.filter { $0 != declared && $0 != grown }.sorted()
        for number in 0..<Int.random(in: 1...3, using: &random) {
            guard let key = sources.randomElement(using: &random), let file = tree[key] else { continue }
            switch Int.random(in: 0..<10, using: &random) {
            case 0: tree[key] = nil
            case 1: tree[key]?.path = "moved/\(branch)-\(number)"
            case 2: tree["new \(branch)"] = File(path: "new/\(branch)", lines: ["\(branch) is new"])
            case 3: tree["shared"] = File(path: "new/shared", lines: ["\(branch) has it too"])
            default: tree[key]?.lines = edited(file.lines, "\(branch).\(number)", &random)
            }
        }
        return tree
    }

    /// A text with lines added at one place, or one changed or removed.
    static func edited(_ base: [String], _ label: String, _ random: inout SeededGenerator) -> [String] {
        var text = base
        let place = Int.random(in: 0...text.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0 where place < text.count: text.remove(at: place)
        case 1 where place < text.count: text[place] = "\(label) changed"
        default:
            let added = (0...Int.random(in: 0...2, using: &random)).map { "\(label) added \($0)" }
            text.insert(contentsOf: added, at: Bool.random(using: &random) ? text.count : place)
        }
        return text
    }
}

extension SlowMerge {
    /// The three-way merge of whole trees by what the branches did, known and not guessed; `nil` for a conflict.
    static func merge(
        base: RandomHistory.Tree, ours: RandomHistory.Tree, theirs: RandomHistory.Tree
    ) -> RandomHistory.Tree? {
        var merged: RandomHistory.Tree = [:]
        for key in Set(base.keys).union(ours.keys).union(theirs.keys) {
            let (old, mine, other) = (base[key], ours[key], theirs[key])
            if other == old {
                merged[key] = mine
            } else if mine == old {
                merged[key] = other
            } else if let old, let mine, let other {
                guard let both = merge(old, mine, other) else { return nil }
                merged[key] = both
            } else {
                // Made or removed by both: the same is done once.
                guard mine == other else { return nil }
                merged[key] = mine
            }
        }
        return merged
    }

    private static func merge(
        _ old: RandomHistory.File, _ mine: RandomHistory.File, _ other: RandomHistory.File
    ) -> RandomHistory.File? {
        guard mine.path == old.path || other.path == old.path else { return nil }
        let path = mine.path == old.path ? other.path : mine.path
        if [RandomHistory.declared, RandomHistory.grown].contains(old.path) {
            return RandomHistory.File(path: path, lines: mine.lines + other.lines.dropFirst(old.lines.count))
        }
        return merge(base: old.lines, ours: mine.lines, theirs: other.lines).map {
            RandomHistory.File(path: path, lines: $0)
        }
    }
}
