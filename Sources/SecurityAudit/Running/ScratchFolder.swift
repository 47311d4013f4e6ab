import Foundation
import SystemPackage

/// A temporary folder for one run of a tool, readable by this user only.
struct ScratchFolder: Sendable {
    let path: String

    init() throws {
        let name = "pitwall-audit-" + UUID().uuidString
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func open(_ name: String) throws -> FileDescriptor {
        try FileDescriptor.open(
            FilePath(file(name)), .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    }

    /// What a tool wrote, as far as ``ToolProcess/maximumOutput``; empty when it wrote nothing.
    func contents(of name: String) -> [UInt8] {
        // A tool may leave a pipe there, which would never end.
        let attributes = try? FileManager.default.attributesOfItem(atPath: file(name))
        guard attributes?[.type] as? FileAttributeType == .typeRegular,
            let handle = FileHandle(forReadingAtPath: file(name))
        else { return [] }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: ToolProcess.maximumOutput)).map(Array.init) ?? []
    }

    func size(of name: String) -> Int { Self.size(path: file(name)) }

    static func size(path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
}
