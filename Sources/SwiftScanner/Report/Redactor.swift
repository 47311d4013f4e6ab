/// Replaces secrets by their first four characters and their length.
struct Redactor {
    /// Each secret, and each line of one of several lines, by its first characters: a file with thousands of them
    /// costs no more for each finding than one with a few.
    private let byBeginning: [Substring: [String]]
    private static let leastLength = 4

    init(secrets: Set<String>) {
        var byBeginning: [Substring: [String]] = [:]
        for secret in secrets {
            // A secret over several lines is also redacted where only some of its lines are shown.
            let pieces = secret.split(whereSeparator: \.isNewline).map(String.init)
            for text in Set(pieces + [secret]) where text.count >= Self.leastLength {
                byBeginning[text.prefix(Self.leastLength), default: []].append(text)
            }
        }
        // The longest first, so that a secret inside another does not leave the rest of it behind.
        self.byBeginning = byBeginning.mapValues { $0.sorted { ($0.count, $0) > ($1.count, $1) } }
    }

    /// `AKIA… (20 characters)`; nothing at all of one shorter than eight.
    static func redacted(_ secret: String) -> String {
        let shown = secret.count >= 8 ? secret.prefix(4) : ""
        return "\(shown)… (\(secret.count) characters)"
    }

    func redact(_ finding: SwiftFinding) -> SwiftFinding {
        guard !byBeginning.isEmpty else { return finding }
        var finding = finding
        finding.snippet = redact(finding.snippet)
        finding.normalizedCode = redact(finding.normalizedCode)
        finding.message = redact(finding.message)
        return finding
    }

    private func redact(_ text: String) -> String {
        var rest = Substring(text)
        var result = ""
        while !rest.isEmpty {
            if let secret = byBeginning[rest.prefix(Self.leastLength)]?.first(where: rest.hasPrefix) {
                result += Self.redacted(secret)
                rest = rest.dropFirst(secret.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }
}
