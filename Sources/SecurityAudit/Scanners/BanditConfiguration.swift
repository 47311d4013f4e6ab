import Foundation

/// How bandit has to be called so that a repository's `.bandit` and `pyproject.toml` take effect.
///
/// bandit reads `.bandit` by itself only when exactly one lies below its targets, fails when there are several, and
/// lets an `-x` on the command line replace the file's `exclude` as a whole. `pyproject.toml` it reads only when told
/// to by `-c`. So the file is named here, and its `exclude` joined with what the audit leaves out.
struct BanditConfiguration {
    /// The INI file that counts, relative to the root; `nil` when there is none.
    let file: String?
    /// The `[bandit]` section of ``file``.
    let options: [String: String]
    /// Why nothing in ``file`` takes effect, when it cannot be read: bandit itself only warns, and goes on without.
    let fault: String?
    /// Whether `pyproject.toml` has a `[tool.bandit]` table.
    let usesProject: Bool

    /// Whether nothing of the repository's own leaves files out.
    var looksEverywhere: Bool { options["exclude"] == nil && options["targets"] == nil && !usesProject }

    /// bandit's own default for `-x`, which an `exclude` of the file replaces.
    private static let defaultExclude = ".svn,CVS,.bzr,.hg,.git,__pycache__,.tox,.eggs,*.egg"

    /// Looks for the files.
    ///
    /// Of several `.bandit` files the one in the root counts.
    ///
    /// - Throws: ``SeveralFiles`` when there are several and none is in the root.
    init(inventory: FileInventory) throws(SeveralFiles) {
        let candidates = inventory.files.filter { $0 == ".bandit" || $0.hasSuffix("/.bandit") }
        if candidates.contains(".bandit") {
            file = ".bandit"
        } else if candidates.count > 1 {
            throw SeveralFiles(files: candidates)
        } else {
            file = candidates.first
        }
        do throws(PythonINI.Unreadable) {
            options =
                try file.map { name throws(PythonINI.Unreadable) in
                    try PythonINI(Self.text(inventory.absolute(name)) ?? "", section: "bandit").options
                } ?? [:]
            fault = nil
        } catch {
            options = [:]
            fault = "\(file ?? ".bandit") takes no effect: \(error)"
        }
        usesProject = Self.text(inventory.absolute("pyproject.toml")).map(Self.hasTable) ?? false
    }

    /// What bandit itself says in this case.
    struct SeveralFiles: Error, CustomStringConvertible {
        let files: [String]

        var description: String {
            "several .bandit files and none in the root: \(files.joined(separator: ", ")); keep one"
        }
    }

    /// The arguments, but for the output.
    ///
    /// The folder to run in is the root.
    ///
    /// - Parameters:
    ///   - inventory: What is audited.
    ///   - emptyFile: An INI file without options, so that bandit does not pick up one of an installed package.
    func arguments(inventory: FileInventory, emptyFile: String) -> [String] {
        var arguments = ["-r", "--ini", file ?? emptyFile, "-x", exclude(inventory: inventory)]
        if usesProject, options["configfile"] == nil { arguments += ["-c", "pyproject.toml"] }
        // Targets on the command line would replace the file's own.
        if options["targets"] == nil {
            arguments += inventory.paths.isEmpty ? ["."] : inventory.paths.map { "./" + $0 }
        }
        return arguments
    }

    private func exclude(inventory: FileInventory) -> String {
        let own = (options["exclude"] ?? Self.defaultExclude).split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { !$0.isEmpty }
        // With `.` as target bandit sees `./tests/a.py`, which the folder's bare name `tests` does not match.
        let folders =
            own
            .filter { !$0.hasPrefix("/") && !$0.hasPrefix("./") && Self.isFolder(inventory.absolute($0)) }
        // A name with a comma cannot be said to bandit; its findings are dropped afterwards.
        let left = inventory.excluded.filter { !$0.contains(",") }
        return (own + (folders + left).map { "./" + $0 }).joined(separator: ",")
    }

    /// Whether a TOML text has a table `tool.bandit`, as a header, a dotted name or a name within `[tool]`.
    static func hasTable(_ toml: String) -> Bool {
        var table = ""
        for line in toml.split(whereSeparator: \.isNewline) {
            let content = line.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
            if content.hasPrefix("[") {
                table = String(content.drop { $0 == "[" }.prefix { $0 != "]" })
                if table == "tool.bandit" || table.hasPrefix("tool.bandit.") { return true }
            } else if (table.isEmpty && content.hasPrefix("tool.bandit"))
                || (table == "tool" && (content.hasPrefix("bandit.") || content.hasPrefix("bandit=")))
            {
                return true
            }
        }
        return false
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
