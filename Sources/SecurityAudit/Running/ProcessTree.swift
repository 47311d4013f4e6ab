import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The processes of a session: a tool that leads it, and whatever it started.
///
/// Read from `/proc` (see proc(5)); elsewhere than on Linux only the leader's group is known and memory reads 0.
struct ProcessTree {
    let leader: Int32
    /// Handed down to all of them, so that one that has left session and parent is known too.
    var mark: ProcessMark?

    /// The leader, the members of its session and their descendants that are still there.
    func members() -> [Int32] {
        let entries = Self.processes()
        let first = Set(entries.filter { $0.session == leader || $0.id == leader }.map(\.id))
        return Self.family(of: first, among: entries).sorted()
    }

    /// Some processes and their descendants.
    private static func family(of first: Set<Int32>, among entries: [Entry]) -> Set<Int32> {
        var found = first
        var grown = true
        while grown {
            let children = entries.filter { found.contains($0.parent) && !found.contains($0.id) }.map(\.id)
            grown = !children.isEmpty
            found.formUnion(children)
        }
        return found
    }

    /// Kills what is below a process until nothing is, or gives up on what cannot be killed.
    static func killDescendants(of parent: Int32) {
        for _ in 0..<10 {
            let left = family(of: [parent], among: processes()).subtracting([parent])
            if left.isEmpty { return }
            for id in left { _ = signal(id) }
        }
    }

    /// The resident bytes of all members; pages they share count in each.
    func residentBytes() -> Int {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        return members().reduce(0) { sum, id in
            guard let text = Self.read("/proc/\(id)/statm") else { return sum }
            let resident = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return sum + resident * page
        }
    }

    /// Kills every member, and those that were started meanwhile.
    func kill() {
        for _ in 0..<10 {
            // Listed before anything is killed: an orphan no longer tells whose child it was.
            let left = members() + (mark?.bearers() ?? [])
            // The leader's group has its number even where /proc is missing.
            _ = Self.signal(-leader)
            for id in left { _ = Self.signal(id) }
            if left.isEmpty { return }
        }
    }

    private static func signal(_ id: Int32) -> Bool {
        #if canImport(Glibc)
            Glibc.kill(id, SIGKILL) == 0
        #elseif canImport(Musl)
            Musl.kill(id, SIGKILL) == 0
        #else
            Darwin.kill(id, SIGKILL) == 0
        #endif
    }

    private struct Entry {
        let id: Int32
        let parent: Int32
        let session: Int32
    }

    /// Every process but those that have ended and wait to be collected.
    private static func processes() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { name in
            guard let id = Int32(name), let text = read("/proc/\(id)/stat") else { return nil }
            // The command's name is in brackets and may hold anything; the fields begin after the last one.
            guard let end = text.lastIndex(of: ")") else { return nil }
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 3, fields[0] != "Z", fields[0] != "X", let parent = Int32(fields[1]),
                let session = Int32(fields[3])
            else { return nil }
            return Entry(id: id, parent: parent, session: session)
        }
    }

    private static func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
