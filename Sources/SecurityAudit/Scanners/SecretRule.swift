/// A kind of secret that can be told from its form.
struct SecretRule: Sendable {
    let id: String
    let title: String
    let severity: Severity
    let confidence: Confidence
    /// What the secret starts with.
    let prefixes: [String]
    /// What may follow.
    let alphabet: Alphabet
    /// How many of those follow.
    let length: ClosedRange<Int>

    init(
        _ id: String, _ title: String, _ prefixes: [String], _ alphabet: Alphabet, _ length: ClosedRange<Int>,
        severity: Severity = .high, confidence: Confidence = .high
    ) {
        self.id = id
        self.title = title
        self.severity = severity
        self.confidence = confidence
        self.prefixes = prefixes
        self.alphabet = alphabet
        self.length = length
    }

    /// A set of ASCII characters.
    struct Alphabet: Sendable {
        private let members: [Bool]

        init(_ characters: String) {
            var members = [Bool](repeating: false, count: 256)
            for byte in characters.utf8 { members[Int(byte)] = true }
            self.members = members
        }

        func contains(_ byte: UInt8) -> Bool { members[Int(byte)] }

        static let digits = "0123456789"
        static let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        static let lower = "abcdefghijklmnopqrstuvwxyz"
        static let base32 = Alphabet(upper + "234567")
        static let hexadecimal = Alphabet(digits + "abcdefABCDEF")
        static let alphanumeric = Alphabet(digits + upper + lower)
        static let word = Alphabet(digits + upper + lower + "_")
        static let url = Alphabet(digits + upper + lower + "_-")
        static let dotted = Alphabet(digits + upper + lower + "_-.")
        static let slashed = Alphabet(digits + upper + lower + "/")
        static let keyBody = Alphabet(digits + upper + lower + "+/= \r\n\t\\")
        static let base64 = Alphabet(digits + upper + lower + "+/=")
    }

    /// The forms their makers publish.
    static let tokens: [SecretRule] = [
        SecretRule("aws-access-key", "AWS access key", ["AKIA", "ASIA", "ABIA", "ACCA"], .base32, 16...16),
        SecretRule("github-token", "GitHub token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], .alphanumeric, 36...255),
        SecretRule("github-token", "GitHub token", ["github_pat_"], .word, 40...255),
        SecretRule("gitlab-token", "GitLab token", ["glpat-", "gldt-", "glrt-"], .dotted, 20...128),
        SecretRule("slack-token", "Slack token", ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-"], .url, 20...255),
        SecretRule("slack-token", "Slack app token", ["xapp-"], .url, 40...255),
        SecretRule("slack-webhook", "Slack web hook", ["hooks.slack.com/services/"], .slashed, 30...80),
        SecretRule("google-api-key", "Google API key", ["AIza"], .url, 35...35),
        SecretRule("google-oauth-secret", "Google OAuth client secret", ["GOCSPX-"], .url, 28...28),
        SecretRule("stripe-key", "Stripe live key", ["sk_live_", "rk_live_"], .alphanumeric, 16...247),
        SecretRule(
            "stripe-test-key", "Stripe test key", ["sk_test_", "rk_test_"], .alphanumeric, 16...247, severity: .low),
        SecretRule("npm-token", "npm token", ["npm_"], .alphanumeric, 36...36),
        SecretRule("pypi-token", "PyPI token", ["pypi-AgEI"], .url, 50...512),
        SecretRule("anthropic-key", "Anthropic API key", ["sk-ant-"], .url, 40...200),
        SecretRule("openai-key", "OpenAI API key", ["sk-proj-", "sk-svcacct-"], .url, 40...255),
        SecretRule("sendgrid-key", "SendGrid API key", ["SG."], .dotted, 66...66),
        SecretRule("digitalocean-token", "DigitalOcean token", ["dop_v1_", "doo_v1_"], .hexadecimal, 64...64),
        SecretRule("hugging-face-token", "Hugging Face token", ["hf_"], .alphanumeric, 34...34),
        SecretRule("shopify-token", "Shopify token", ["shpat_", "shpss_", "shppa_"], .hexadecimal, 32...32),
        SecretRule("age-key", "age secret key", ["AGE-SECRET-KEY-1"], .alphanumeric, 58...58),
        SecretRule("azure-storage-key", "Azure storage key", ["AccountKey="], .base64, 88...88),
    ]

    static let privateKey = SecretRule("private-key", "Private key", [], .base64, 1...1)
    static let urlPassword = SecretRule(
        "url-password", "Password in a URL", [], .word, 1...1, severity: .high, confidence: .medium)
    static let assigned = SecretRule(
        "assigned-secret", "Secret assigned to a name", [], .word, 1...1, severity: .medium, confidence: .medium)
    static let webToken = SecretRule(
        "json-web-token", "JSON web token", ["eyJ"], .dotted, 40...4096, severity: .medium, confidence: .medium)

    /// Every rule once, by id.
    static let all = tokens + [privateKey, urlPassword, assigned, webToken]
}
