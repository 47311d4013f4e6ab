import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The files of one run, inside the git directory, where no checkout and no clean-up of untracked files meets them.
struct RunDirectory: Hashable, Sendable {
    let path: FilePath

    var journal: FilePath { path.appending("journal.jsonl") }
    var plan: FilePath { path.appending("plan.md") }
    var objects: FilePath { path.appending("objects.git") }
    var hooks: FilePath { path.appending("hooks") }
    var reportText: FilePath { path.appending("report.md") }
    var reportData: FilePath { path.appending("report.json") }

    /// What is kept of one agent: prompt, log, exit status.
    func agent(_ slug: String) -> FilePath { path.appending("agents").appending(slug) }
    /// What is kept of the tests of one commit.
    func test(_ commit: ObjectID, _ round: Int) -> FilePath {
        path.appending("tests").appending("\(round)-\(commit.short)")
    }
    var tests: FilePath { path.appending("tests") }
}

/// Where a repository keeps its runs.
struct RunHome: Sendable {
    let path: FilePath

    init(_ repository: Repository) throws {
        path = repository.commonDirectory.appending("pitwall")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    var lock: FilePath { path.appending("lock") }

    func directory(of sprint: String) -> RunDirectory {
        RunDirectory(path: path.appending("runs").appending(Slug(sprint).text))
    }

    /// Remembers which run `status`, `resume` and the rest mean when none is named.
    func select(_ sprint: String) throws {
        try Data(sprint.utf8).write(to: URL(fileURLWithPath: path.appending("latest").string), options: .atomic)
    }

    /// The run of a sprint, or the latest one.
    func run(_ sprint: String?) throws -> RunDirectory {
        let latest = FileManager.default.contents(atPath: path.appending("latest").string)
            .map { String(decoding: $0, as: UTF8.self) }
        guard let name = sprint ?? latest else { throw SprintError.noRun(nil) }
        let directory = directory(of: name)
        guard FileManager.default.fileExists(atPath: directory.journal.string) else { throw SprintError.noRun(name) }
        return directory
    }

    /// Earlier runs of the same sprint, which were put aside.
    func archives(of directory: RunDirectory) -> [RunDirectory] {
        (1...).lazy.map { RunDirectory(path: FilePath("\(directory.path).\($0)")) }
            .prefix { FileManager.default.fileExists(atPath: $0.path.string) }
            .filter { FileManager.default.fileExists(atPath: $0.journal.string) }
    }

    /// Puts a finished run aside, so that the sprint can be run again.
    func archive(_ directory: RunDirectory) throws {
        for number in 1... {
            let aside = directory.path.string + ".\(number)"
            guard !FileManager.default.fileExists(atPath: aside) else { continue }
            return try FileManager.default.moveItem(atPath: directory.path.string, toPath: aside)
        }
    }
}

/// A name that is safe in file names and refs, and different for different texts.
struct Slug: Hashable, Sendable {
    let text: String

    init(_ name: String) {
        var text = ""
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                text.unicodeScalars.append(UnicodeScalar(byte))
            default:
                text += "=" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        self.text = text.isEmpty ? "=" : text.hasPrefix("-") ? "=2d" + text.dropFirst() : text
    }
}
