package import Foundation

/// The file that a user names for a result: written whole or not at all.
///
/// What is no plain file, such as `/dev/null`, `/dev/stdout` or a named pipe, is written into: to replace it, as writing
/// in one step does, would take the device away from the whole machine where the user is root.
package struct ResultFile: Sendable {
    /// As the user gave it.
    package let path: String

    /// Names a file; nothing is looked at yet.
    package init(_ path: String) {
        self.path = path
    }

    /// Why it surely cannot be written, found out before minutes of work; `nil` when nothing speaks against it.
    package var obstacle: String? {
        if path.isEmpty { return "the path is empty" }
        let files = FileManager.default
        var isFolder: ObjCBool = false
        if files.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            return "a folder; give a file in it"
        }
        if isTaken { return files.isWritableFile(atPath: path) ? nil : "no right to write to it" }
        let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
        guard files.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            return "there is no folder \(folder); make it first"
        }
        return files.isWritableFile(atPath: folder) ? nil : "no right to write in \(folder)"
    }

    /// Writes in one step: readers and an interruption see the old content or the new, never a part.
    ///
    /// - Throws: `CocoaError` when it cannot be written.
    package func write(_ data: Data) throws {
        guard isTaken else { return try data.write(to: URL(fileURLWithPath: target), options: .atomic) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? handle.close() }
        try handle.write(contentsOf: data)
    }

    /// Whether both paths name one file, so that one result would take the other's place; never where a device stands.
    package func isSame(as other: ResultFile) -> Bool {
        !isTaken && URL(fileURLWithPath: target).standardized == URL(fileURLWithPath: other.target).standardized
    }

    /// Whether a device, pipe or socket stands there.
    private var isTaken: Bool {
        // Follows links, as opening the path would.
        var status = stat()
        return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// The file that a link leads to, so that the link stays one.
    private var target: String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }
}
