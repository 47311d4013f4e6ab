import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The hooks that tell an honest agent at once what the plan forbids.
///
/// They reach the agent by its environment, so that neither the repository's configuration nor its hooks are touched.
/// A dishonest agent gets round them; what it does then is found from outside, see ``RepositoryGuard``.
struct AgentHooks: Sendable {
    let directory: FilePath
    /// Who commits where git does not know it.
    var standIn: Signature?

    private static let referenceTransaction = """
        #!/bin/sh
        # MERGE RULE: an agent commits to its own branch and moves no other.
        [ "$1" = prepared ] || exit 0
        while read -r old new ref; do
            case "$ref" in
            "$PITWALL_BRANCH") ;;
            refs/heads/*|refs/tags/*)
                # git's housekeeping packs every ref: first it writes each as it is, then it drops the loose file.
                case "$new" in
                *[!0]*) [ "$(git rev-parse -q --verify "$ref")" = "$new" ] && continue ;;
                *) grep -qxF -e "$old $ref" "$(git rev-parse --git-common-dir)/packed-refs" 2>/dev/null && continue ;;
                esac
                echo "pitwall: MERGE RULE: $ref is not yours; commit to ${PITWALL_BRANCH#refs/heads/} only" >&2
                exit 1 ;;
            esac
        done
        """

    private static let prePush = """
        #!/bin/sh
        echo "pitwall: MERGE RULE: agents do not push; the runner lands what was tested" >&2
        exit 1
        """

    /// Writes the hooks, and links to those that the repository itself has.
    func install(existing: FilePath) throws {
        let files = FileManager.default
        try? files.removeItem(atPath: directory.string)
        try files.createDirectory(atPath: directory.string, withIntermediateDirectories: true)
        for name in (try? files.contentsOfDirectory(atPath: existing.string)) ?? [] where !name.hasSuffix(".sample") {
            try files.createSymbolicLink(
                atPath: directory.appending(name).string, withDestinationPath: existing.appending(name).string)
        }
        for (name, text) in ["reference-transaction": Self.referenceTransaction, "pre-push": Self.prePush] {
            let path = directory.appending(name).string
            try? files.removeItem(atPath: path)
            try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path))
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
    }

    /// The variables that make git use the hooks, and make every push go nowhere.
    var variables: [String: String] {
        var settings = [
            ("core.hooksPath", directory.string),
            ("url.pitwall-merge-rule-no-push://.pushInsteadOf", ""),
        ]
        if let standIn { settings += [("user.name", standIn.name), ("user.email", standIn.email)] }
        var variables = ["GIT_CONFIG_COUNT": "\(settings.count)"]
        for (index, setting) in settings.enumerated() {
            variables["GIT_CONFIG_KEY_\(index)"] = setting.0
            variables["GIT_CONFIG_VALUE_\(index)"] = setting.1
        }
        return variables
    }
}
