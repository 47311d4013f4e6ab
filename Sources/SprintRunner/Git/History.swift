/// The part of a repository's history that some commits have and another has not.
struct History {
    private let git: Git
    private let target: ObjectID
    /// The parents of each commit that is not in the target's history.
    private var parents: [ObjectID: [ObjectID]] = [:]

    /// Reads what `heads` have beyond `target`.
    init(of heads: [ObjectID], beyond target: ObjectID, _ git: Git) async throws {
        self.git = git
        self.target = target
        let input = heads.map { "\($0)\n" }.joined() + "^\(target)\n"
        for line in try await git.run(["rev-list", "--parents", "--stdin"], input: Array(input.utf8)).text.split(
            separator: "\n")
        {
            let ids = line.split(separator: " ").compactMap { ObjectID($0) }
            if let commit = ids.first { parents[commit] = Array(ids.dropFirst()) }
        }
    }

    /// The commit that `head` and the target last had in common.
    func base(of head: ObjectID) async throws -> ObjectID {
        var shared: Set<ObjectID> = []
        var seen: Set<ObjectID> = []
        var open = [head]
        while let commit = open.popLast() {
            guard seen.insert(commit).inserted else { continue }
            if let above = parents[commit] { open += above } else { shared.insert(commit) }
        }
        // Where the histories meet more than once, git decides which meeting counts.
        guard shared.count == 1, let base = shared.first else {
            return try await git.objectID(["merge-base", target.hex, head.hex])
        }
        return base
    }
}
