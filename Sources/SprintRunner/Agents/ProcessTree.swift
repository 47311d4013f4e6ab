import CProcessTree
import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Every process that an agent or a test started, however it detached itself.
///
/// A process belongs to the tree when it carries the tree's mark in its environment, is in the session of the first
/// process, or descends from one that does. On Linux `/proc` tells all three; a process that leaves its session,
/// empties its environment *and* loses its parents is caught by ``endOrphans()`` in a process that called
/// ``adoptOrphans()``. Elsewhere only the process group is signalled.
struct ProcessTree: Sendable {
    /// The environment variable that marks the processes of a tree.
    static let variable = "PITWALL_PROCESS"

    /// The value of the mark, different for every agent and test of every run.
    let mark: String
    /// The first process, whose number is that of its session and group too; `nil` when it is not known.
    var leader: pid_t?

    /// Whether any process of the tree lives.
    var isAlive: Bool { !members().isEmpty }

    /// Asks every process to end, waits, and kills what is left until nothing is.
    func end(grace: Duration = .seconds(5)) async {
        signal(SIGTERM)
        let clock = ContinuousClock()
        let deadline = clock.now + grace
        while isAlive, clock.now < deadline { await Self.pause() }
        await kill()
    }

    /// Kills every process, again and again until a look finds none: a process that forks meanwhile is found next time.
    func kill() async {
        for _ in 0..<500 {
            let living = members()
            guard !living.isEmpty else { return }
            for process in living { _ = Self.send(process, SIGKILL) }
            await Self.pause()
        }
    }

    private func signal(_ number: Int32) {
        for process in members() { _ = Self.send(process, number) }
    }

    /// A short wait that cancellation does not skip: what is being killed has to be gone.
    private static func pause() async {
        await Task { try? await Task.sleep(for: .milliseconds(10)) }.value
    }

    private static func send(_ process: pid_t, _ number: Int32) -> Int32 {
        #if canImport(Glibc)
            Glibc.kill(process, number)
        #elseif canImport(Darwin)
            Darwin.kill(process, number)
        #else
            Musl.kill(process, number)
        #endif
    }

    private func members() -> Set<pid_t> {
        #if os(Linux)
            let processes = RunningProcess.all()
            let entry = Array("\(Self.variable)=\(mark)".utf8)
            var found = Set(
                processes.filter { process in
                    if let leader, process.session == leader || process.group == leader { return true }
                    return process.hasEnvironment(entry)
                }.map(\.id))
            var size = -1
            while size != found.count {
                size = found.count
                for process in processes where found.contains(process.parent) { found.insert(process.id) }
            }
            found.remove(getpid())
            return found
        #else
            guard let leader, Self.send(-leader, 0) == 0 else { return [] }
            return [-leader]
        #endif
    }

    /// Makes this process the parent of its descendants' orphans, so that none of them gets out of sight.
    static func adoptOrphans() {
        _ = pitwall_adopt_orphans()
    }

    /// Kills everything that descends from this process; to be called only while it waits for no child of its own.
    static func endOrphans() async {
        #if os(Linux)
            let own = getpid()
            for _ in 0..<500 {
                let processes = RunningProcess.all()
                var found: Set<pid_t> = [own]
                var size = -1
                while size != found.count {
                    size = found.count
                    for process in processes where found.contains(process.parent) { found.insert(process.id) }
                }
                found.remove(own)
                guard !found.isEmpty else { return }
                for process in found { _ = send(process, SIGKILL) }
                for process in found { waitpid(process, nil, WNOHANG) }
                await pause()
            }
        #endif
    }
}

#if os(Linux)
    /// What `/proc` says of a living process (proc(5)).
    private struct RunningProcess {
        var id: pid_t
        var parent: pid_t
        var group: pid_t
        var session: pid_t

        /// Every process but those that have ended and wait for their parent.
        static func all() -> [RunningProcess] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return names.compactMap { name in
                guard let id = pid_t(name), let stat = read("/proc/\(name)/stat"),
                    // The name of the program stands in brackets and may hold anything, brackets too.
                    let end = stat.lastIndex(of: UInt8(ascii: ")"))
                else { return nil }
                let fields = String(decoding: stat[(end + 1)...], as: UTF8.self).split(separator: " ", maxSplits: 4)
                guard fields.count > 3, fields[0] != "Z", fields[0] != "X", let parent = pid_t(fields[1]),
                    let group = pid_t(fields[2]), let session = pid_t(fields[3])
                else { return nil }
                return RunningProcess(id: id, parent: parent, group: group, session: session)
            }
        }

        /// Whether the environment that the process was started with has an entry, `NAME=value`.
        func hasEnvironment(_ entry: [UInt8]) -> Bool {
            guard let environment = Self.read("/proc/\(id)/environ") else { return false }
            // Between two zero bytes; the search is C's, as every process of the machine is looked through.
            let text = [0] + environment
            let wanted = [0] + entry + [0]
            return pitwall_contains(text, text.count, wanted, wanted.count) != 0
        }

        private static func read(_ path: String) -> [UInt8]? {
            guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec]) else {
                return nil
            }
            defer { try? file.close() }
            var bytes: [UInt8] = []
            while true {
                let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                    count = (try? file.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
                }
                if chunk.isEmpty { return bytes }
                bytes += chunk
            }
        }
    }
#endif
