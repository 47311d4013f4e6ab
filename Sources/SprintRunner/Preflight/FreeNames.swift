import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Names for a run's branches and worktrees that nothing bears yet: what an earlier run kept, or the user made, is
/// never written over.
struct FreeNames: Sendable {
    let refs: Set<String>

    init(_ repository: Repository) async throws {
        // Refs are files on some systems, where letter case does not tell them apart.
        refs = Set(try await repository.refs().keys.map { $0.lowercased() })
    }

    /// The branch of each agent: `sprint/7/7-1`, or `sprint/7-2/7-1` where the first is taken.
    func branches(_ sprint: String, agents: [String]) -> [String: String] {
        let slug = Slug(sprint).text
        // A branch called "sprint" leaves no room for branches below it.
        let base = refs.contains("refs/heads/sprint") ? "refs/heads/sprint-\(slug)" : "refs/heads/sprint/\(slug)"
        var prefix = base
        var number = 1
        while !isFree(prefix) {
            number += 1
            prefix = "\(base)-\(number)"
        }
        var taken: Set<String> = []
        var branches: [String: String] = [:]
        for agent in agents {
            var name = "\(prefix)/\(Slug(agent).text)"
            while !taken.insert(name.lowercased()).inserted { name += "_" }
            branches[agent] = name
        }
        return branches
    }

    private func isFree(_ prefix: String) -> Bool {
        let prefix = prefix.lowercased()
        return !refs.contains { $0 == prefix || $0.hasPrefix(prefix + "/") }
    }

    /// The directory, or the next one of that name with a number behind it that does not exist or is empty.
    static func directory(_ wanted: FilePath) -> FilePath {
        var path = wanted
        var number = 1
        while isInUse(path) {
            number += 1
            path = FilePath("\(wanted)-\(number)")
        }
        return path
    }

    /// Whether something is there that is more than an empty directory.
    static func isInUse(_ path: FilePath) -> Bool {
        guard (try? FileManager.default.attributesOfItem(atPath: path.string)) != nil else { return false }
        return (try? FileManager.default.contentsOfDirectory(atPath: path.string))?.isEmpty != true
    }
}
