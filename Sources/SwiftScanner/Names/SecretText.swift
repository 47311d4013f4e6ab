import Foundation

/// Judges by its form whether a text is a secret.
enum SecretText {
    /// The kind of credential that a text surely is, by the fixed form that its issuer gives it.
    static func issuedKind(_ text: String) -> String? {
        guard text.utf8.count >= 12, text.utf8.count < 20_000 else { return nil }
        for (prefix, length, kind) in issued where text.hasPrefix(prefix) && text.utf8.count >= length {
            let rest = text.dropFirst(prefix.count)
            if rest.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }),
                !isPlaceholder(text)
            {
                return kind
            }
        }
        if text.contains("-----BEGIN "), text.contains("PRIVATE KEY-----"), text.utf8.count > 100 {
            return "a private key"
        }
        if text.hasPrefix("eyJ"), text.utf8.count > 60, text.split(separator: ".").count == 3,
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-.=".contains($0)) })
        {
            return "a JSON Web Token"
        }
        return nil
    }

    /// What a text holds that ``issuedKind(_:)`` knows.
    static let marks: [String] = issued.map(\.prefix) + ["-----BEGIN ", "eyJ"]

    private static let issued: [(prefix: String, length: Int, kind: String)] = [
        ("AKIA", 20, "an AWS access key"), ("ASIA", 20, "an AWS access key"), ("ghp_", 36, "a GitHub token"),
        ("gho_", 36, "a GitHub token"), ("ghs_", 36, "a GitHub token"), ("ghu_", 36, "a GitHub token"),
        ("github_pat_", 40, "a GitHub token"), ("glpat-", 20, "a GitLab token"), ("xoxb-", 24, "a Slack token"),
        ("xoxp-", 24, "a Slack token"), ("xoxa-", 24, "a Slack token"), ("sk_live_", 24, "a Stripe key"),
        ("rk_live_", 24, "a Stripe key"), ("sk_test_", 24, "a Stripe test key"), ("AIza", 39, "a Google API key"),
        ("ya29.", 30, "a Google access token"), ("SG.", 50, "a SendGrid key"), ("sk-ant-", 30, "an Anthropic key"),
        ("sk-proj-", 30, "an OpenAI key"), ("npm_", 36, "an npm token"), ("pypi-", 50, "a PyPI token"),
        ("dop_v1_", 60, "a DigitalOcean token"), ("hf_", 30, "a Hugging Face token"), ("shpat_", 32, "a Shopify token"),
        ("AGE-SECRET-KEY-", 60, "an age key"), ("key-", 36, "a Mailgun key"),
        ("EAACEdEose0cBA", 30, "a Facebook token"),
    ]

    /// Whether a text only stands for a secret: `changeme`, `<token>`, `YOUR_API_KEY`, `${PASSWORD}`, `xxxx`.
    static func isPlaceholder(_ text: String) -> Bool {
        let lower = text.lowercased()
        if text.isEmpty || text.allSatisfy({ $0 == text.first }) { return true }
        if lower.hasPrefix("<") && lower.hasSuffix(">") || lower.hasPrefix("{") && lower.hasSuffix("}") { return true }
        if lower.hasPrefix("$") || lower.hasPrefix("%") && lower.hasSuffix("%") || lower.hasPrefix("[") { return true }
        if ["nil", "null", "none", "n/a", "-", "unknown", "undefined", "true", "false", "tbd", "todo"].contains(lower) {
            return true
        }
        return placeholderWords.contains { lower.contains($0) }
    }

    private static let placeholderWords: [String] = [
        "changeme", "change_me", "change-me", "change me", "your_", "your-", "yourapi", "your ", "yourtoken",
        "yoursecret",
        "placeholder", "example", "xxxx", "todo", "replace", "redacted", "insert", "dummy", "<#", "...", "****", "••",
        "fixme", "goes-here", "goes here", "goes_here", "not-a-real", "fake", "sample", "lorem",
    ]

    /// Whether a text under a secret's name is likely a value and not a label, key, message or path.
    static func looksLikeValue(_ text: String) -> Bool {
        guard text.utf8.count >= 4, text.utf8.count < 2000, !isPlaceholder(text) else { return false }
        if text.contains(where: \.isNewline) { return false }
        if text.contains(" ") {
            return text.split(separator: " ").count <= 5 && text.contains { $0.isNumber || "!#$%&@*".contains($0) }
                && !text.hasSuffix(".") && !text.hasSuffix(":") && !text.contains("%@")
        }
        if text.hasPrefix("/") || text.hasPrefix("http://") || text.hasPrefix("https://") || text.hasPrefix("#") {
            return false
        }
        return true
    }

    /// Whether a text is more likely a key, an attribute or an error code than a secret: only words, no digits.
    static func looksLikeName(_ text: String) -> Bool {
        let words = NameWords(text).words
        let named = [
            "password", "passwd", "secret", "token", "key", "passphrase", "credential", "credentials", "auth", "pwd",
            "jwt", "bearer", "authorization", "cookie", "session", "login", "pin", "otp",
        ]
        let marked = text.contains { $0.isNumber || "!#$%&@*+=/^".contains($0) }
        if marked { return false }
        if words.last.map(named.contains) == true { return true }
        if text.contains(".") && words.count >= 3 { return true }
        return words.contains(where: named.contains) && (text.contains("_") || text.contains("-") || words.count > 1)
            && !words.contains("super") && !words.contains("my") && words.count < 6
    }

    /// Bits of Shannon entropy a character.
    static func entropy(_ text: String) -> Double {
        var counts: [Character: Int] = [:]
        for character in text { counts[character, default: 0] += 1 }
        let total = Double(text.count)
        return counts.values.reduce(0) { sum, count in
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }
}
