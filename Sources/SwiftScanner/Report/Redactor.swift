/// Replaces secrets by their first four characters and their length.
struct Redactor {
    private let secrets: [String]

    init(secrets: Set<String>) {
        // The longest first, so that a secret inside another does not leave the rest of it behind.
        self.secrets = secrets.sorted { ($0.count, $0) > ($1.count, $1) }
    }

    /// `AKIA… (20 characters)`; nothing at all of one shorter than eight.
    static func redacted(_ secret: String) -> String {
        let shown = secret.count >= 8 ? secret.prefix(4) : ""
        return "\(shown)… (\(secret.count) characters)"
    }

    func redact(_ finding: SwiftFinding) -> SwiftFinding {
        guard !secrets.isEmpty else { return finding }
        var finding = finding
        finding.snippet = redact(finding.snippet)
        finding.normalizedCode = redact(finding.normalizedCode)
        finding.message = redact(finding.message)
        return finding
    }

    private func redact(_ text: String) -> String {
        secrets.reduce(text) { text, secret in
            // A secret over several lines is also redacted where only some of its lines are shown.
            let pieces = secret.split(whereSeparator: \.isNewline).map(String.init).filter { $0.count >= 4 }
            return ([secret] + (pieces.count > 1 ? pieces : [])).reduce(text) {
                $0.replacing($1, with: Self.redacted(secret))
            }
        }
    }
}
