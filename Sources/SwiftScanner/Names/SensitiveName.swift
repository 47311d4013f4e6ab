/// Judges by its name whether a value is a secret.
enum SensitiveName {
    enum Kind: Int, Comparable {
        /// A name that is a secret in some programs and harmless in others: `token` of a parser, `key` of a map.
        case vague
        case secret
        /// What a person types to prove who they are.
        case password

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    static func kind(of name: String) -> Kind? {
        guard roots.finds(in: name) else { return nil }
        let name = NameWords(unnumbered(name))
        guard let last = name.words.last, !benignEndings.contains(last) else { return nil }
        guard name.words.allSatisfy({ !benignWords.contains($0) }) else { return nil }
        if ["is", "has", "should", "can", "needs", "no", "with", "without", "requires", "uses"].contains(name.words[0])
        {
            return nil
        }
        if passwordPhrases.contains(where: name.contains) { return .password }
        if secretPhrases.contains(where: name.contains) { return .secret }
        if vagueEndings.contains(last) { return .vague }
        return nil
    }

    /// `password2` and `api_key_1` without their numbers.
    private static func unnumbered(_ name: String) -> String {
        guard let last = name.utf8.last, isDigit(last) else { return name }
        return String(name.dropLast(name.utf8.reversed().prefix(while: isDigit).count))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    /// Whether what has this name is worth something only as long as nobody can foretell it: a secret, or what is not
    /// one and stands in the open, such as a nonce or the number of a session.
    static func mustBeUnguessable(_ name: String) -> Bool {
        if kind(of: name) != nil { return true }
        guard unguessableRoots.finds(in: name) else { return false }
        // Of `nonceFromClock` and `sessionID(for:)` what comes first says what it is.
        let words = NameWords(name).words.prefix { !["by", "from", "for", "with", "of"].contains($0) }
            .map { $0 == "identifier" ? "id" : $0 }
        return unguessableEndings.contains { words.suffix($0.count) == $0[...] }
    }

    private static let unguessableRoots = WordFinder(unguessableEndings.compactMap(\.first))

    private static let unguessableEndings: [[String]] = [
        ["nonce"], ["session", "id"], ["invite", "code"], ["invitation", "code"], ["voucher", "code"],
        ["license", "key"], ["licence", "key"],
    ]

    /// What a name must hold to be sensitive: most names are told by one look.
    private static let roots = WordFinder(
        (passwordPhrases + secretPhrases).compactMap { $0.max { $0.count < $1.count } } + vagueEndings.sorted())

    private static let passwordPhrases: [[String]] = [
        ["password"], ["passwd"], ["pwd"], ["passphrase"], ["passcode"], ["pass", "word"], ["userpassword"],
        ["dbpassword"],
        ["mypassword"], ["pass", "phrase"], ["pincode"], ["pin", "code"],
    ]

    private static let secretPhrases: [[String]] = [
        ["secret"], ["secrets"], ["api", "key"], ["apikey"], ["access", "key"], ["accesskey"], ["private", "key"],
        ["privatekey"], ["auth", "key"], ["signing", "key"], ["encryption", "key"], ["master", "key"],
        ["secret", "key"],
        ["session", "key"], ["service", "key"], ["access", "token"], ["accesstoken"], ["auth", "token"], ["authtoken"],
        ["refresh", "token"], ["bearer", "token"], ["bearer"], ["session", "token"], ["api", "token"], ["apitoken"],
        ["id", "token"], ["github", "token"], ["gitlab", "token"], ["bot", "token"], ["slack", "token"],
        ["csrf", "token"],
        ["user", "token"], ["jwt", "token"], ["jwt"], ["oauth", "token"], ["push", "token"], ["device", "token"],
        ["reset", "token"], ["login", "token"], ["deploy", "token"], ["npm", "token"], ["credential"],
        ["credentials"], ["ssn"], ["social", "security"], ["credit", "card"], ["card", "number"], ["creditcard"],
        ["cvv"], ["cvc"], ["security", "code"], ["otp"], ["totp"], ["one", "time", "code"], ["seed", "phrase"],
        ["mnemonic"], ["iban"], ["connection", "string"], ["hmac", "key"], ["symmetric", "key"], ["aes", "key"],
        ["crypto", "key"], ["client", "secret"], ["pin", "number"], ["recovery", "code"], ["reset", "code"],
        ["verification", "code"],
        ["confirmation", "code"], ["backup", "code"], ["session", "id"],
        ["auth", "header"], ["authorization"],
    ]

    private static let vagueEndings: Set<String> = ["token", "pin", "auth", "cred", "creds", "pass", "cookie"]

    /// Last words that make a name be about a secret instead of being one.
    private static let benignEndings: Set<String> = [
        "field", "label", "placeholder", "count", "length", "type", "title", "error", "message", "url", "uri", "path",
        "regex", "pattern", "policy", "strength", "expiry", "expiration", "expired", "kind", "view", "button", "text",
        "hash", "hashed", "digest", "name", "prompt", "hint", "rule", "rules", "validator", "validation", "required",
        "enabled", "manager", "service", "store", "storage", "provider", "controller", "delegate", "handler", "file",
        "filename", "index", "range", "size", "limit", "date", "timeout", "status", "state", "identifier", "id",
        "account", "keypath", "column", "parameter", "option", "options", "header", "prefix", "suffix", "format",
        "description", "visible", "hidden", "valid", "lifetime", "ttl", "source", "scope", "endpoint", "version",
        "authenticator", "algorithm", "bits", "bytes", "syntax", "request", "response", "screen", "help", "mode",
        "attribute", "environment", "variable", "env", "var", "requirements", "minimum", "maximum", "changed", "map",
    ]

    private static let benignWords: Set<String> = [
        "encrypted", "hashed", "masked", "redacted", "public", "forgot", "placeholder", "invalid", "missing", "wrong",
        "lexer", "syntax", "parser", "fake", "mock", "dummy", "example", "sample", "obfuscated", "encoded",
        "fingerprint",
        "expected", "unexpected", "cancellation", "observer", "notification", "tokenizer", "keyword", "ciphertext",
        "encryptor", "failed", "verifier", "salt", "salted", "page", "continuation",
    ]
}
