/// Why an audit could not begin: the command line or the configuration is wrong.
///
/// Exit status 64.
///
/// A scanner that fails is no error: the report tells of it (see ``ScannerRun``).
public enum AuditError: Error, CustomStringConvertible, Equatable {
    /// The path to audit is not a folder.
    case notAFolder(String)
    /// The path to audit is a file.
    case fileInsteadOfFolder(String)
    /// A path named by the configuration does not exist.
    case pathNotFound(String)
    /// No scanner has this name.
    case unknownTool(String, known: [String])
    /// These scanners must do their work but do not run.
    case requiredButLeftOut([String])
    /// Two reports would be written to one place.
    case sameReportFile(String)
    /// No severity has this name.
    case unknownSeverity(String)
    /// What was named as a database of advisories is not there.
    case noAdvisories(String)
    /// A file that was named cannot be read.
    case unreadable(path: String, reason: String)
    /// A file that was named cannot be written.
    case unwritable(path: String, reason: String)
    /// The configuration has mistakes, each with its line.
    case configuration(path: String, mistakes: [ConfigurationMistake])
    /// The file is not a report of this tool, or of a later schema.
    case notAReport(path: String, reason: String)

    /// What is wrong, with which value, and how to mend it.
    public var description: String {
        switch self {
        case .notAFolder(""): "the path is empty; give the folder to audit, . for this one"
        case .notAFolder(let path): "\(path): no such folder; give the folder to audit"
        case .fileInsteadOfFolder(let path):
            "\(path): a file; give the folder it is in, and the file under paths: of the configuration"
        case .pathNotFound(let path): "\(path): listed under paths, but not there"
        case .unknownTool(let name, let known):
            "no tool is called \"\(name)\"; there are \(known.joined(separator: ", "))"
        case .requiredButLeftOut(let names):
            "\(names.joined(separator: ", ")): required, but left out by --tools or by tools: of the configuration"
        case .sameReportFile("-"): "only one report can go to standard output"
        case .sameReportFile(let path): "\(path): named for two reports, of which one would be lost"
        case .unknownSeverity(let word):
            "\"\(word)\" is no severity; there are \(FailOn.words.joined(separator: ", "))"
        case .noAdvisories(let path):
            "\(path.isEmpty ? "\"\"" : path): no such file or folder; "
                + "give a folder of OSV records, an archive of them, or the http or https URL of one"
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
        case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
        case .configuration(let path, let mistakes):
            mistakes.map { "\(path):\($0.line): \($0.text)" }.joined(separator: "\n")
        case .notAReport(let path, let reason): "\(path): not a report of pitwall audit: \(reason)"
        }
    }
}

/// A mistake in a configuration file.
public struct ConfigurationMistake: Sendable, Hashable {
    /// The line, from 1.
    public let line: Int
    /// What is wrong and what would be right.
    public let text: String
}
