import Foundation

/// Where an outside tool is: the `tools:` entry, else `PATH`, else a virtual environment.
struct ToolDiscovery: Sendable {
    /// Folders to look in, first one first.
    let folders: [String]

    /// The folders of `PATH`, of the active virtual environment, and of those in the audited folder.
    ///
    /// What lies in the audited folder comes last: an installed tool is not replaced by one that a repository brings.
    init(root: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
        let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let active = environment["VIRTUAL_ENV"].map { [$0 + "/bin"] } ?? []
        let own = [".pitwall/audit-tools", ".venv", "venv"].map { "\(root)/\($0)/bin" }
        folders = path + active + own
    }

    /// The absolute path of a tool, or `nil`.
    ///
    /// - Parameters:
    ///   - name: What the tool's executable is called.
    ///   - configured: The `path` of its `tools:` entry, looked for nowhere else when given.
    func locate(_ name: String, configured: String?) -> String? {
        if let configured { return isExecutable(configured) ? configured : nil }
        return folders.lazy.map { $0 + "/" + name }.first(where: isExecutable)
    }

    private func isExecutable(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
            && FileManager.default.isExecutableFile(atPath: path)
    }
}
