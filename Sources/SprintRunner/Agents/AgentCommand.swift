import Foundation

/// The command that does an agent's work: any shell command, or the name of a known one.
public struct AgentCommand: Hashable, Sendable, Codable {
    /// The shell command line, run by `sh -c` in the agent's worktree.
    public let line: String

    /// The command lines behind the names; each is only what anyone could write.
    public static let presets = [
        "claude": #"claude --print --permission-mode acceptEdits < "$PITWALL_PROMPT_FILE""#,
        "codex": #"codex exec --full-auto - < "$PITWALL_PROMPT_FILE""#,
        "aider": #"aider --yes-always --message-file "$PITWALL_PROMPT_FILE""#,
    ]

    /// The program of a preset that is not on the path; `nil` for one that is, and for any other command line.
    func missingProgram(in path: String) -> String? {
        guard let name = Self.presets.first(where: { $0.value == line })?.key else { return nil }
        let isThere = path.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
        return isThere ? nil : name
    }

    /// A preset by its name, or any other text as a command line.
    public init(_ text: String) {
        line = Self.presets[text] ?? text
    }
}
