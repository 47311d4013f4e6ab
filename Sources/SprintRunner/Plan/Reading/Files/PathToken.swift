/// Tells paths from the other things plans write: prose, routes, calls, fractions.
enum PathToken {
    /// File names without an extension.
    private static let bareNames: Set<String> = [
        "brewfile", "build", "caddyfile", "changelog", "codeowners", "containerfile", "contributing", "copying",
        "dockerfile", "fastfile", "gemfile", "gnumakefile", "jenkinsfile", "justfile", "license", "makefile", "notice",
        "pipfile", "podfile", "procfile", "rakefile", "readme", "tiltfile", "vagrantfile", "version", "workspace",
    ]

    private static let extensions: Set<String> = [
        "adoc", "astro", "avif", "bash", "bat", "bazel", "bib", "bin", "bzl", "c", "cc", "cfg", "cjs", "clj", "cmake",
        "cnf", "conf", "cpp", "cs", "csproj", "css", "csv", "cts", "cue", "dart", "db", "diff", "docx", "dockerfile",
        "duckdb", "edn", "ejs", "el", "env", "erb", "erl", "ex", "exs", "fish", "fs", "gif", "go", "gql", "gradle",
        "graphql", "groovy", "h", "haml", "hbs", "hcl", "hh", "hpp", "hrl", "hs", "htm", "html", "ico", "ini", "ipynb",
        "j2", "java", "jinja", "jinja2", "jpeg", "jpg", "js", "json", "json5", "jsonc", "jsonl", "jsx", "key", "kt",
        "kts", "leaf", "less", "liquid", "lock", "log", "lua", "m", "make", "map", "md", "mdx", "mjs", "mk", "ml",
        "mli", "mm", "mod", "mts", "mustache", "ndjson", "nim", "nix", "nu", "parquet", "patch", "pb", "pdf", "pem",
        "php", "phtml", "pl", "plist", "pm", "png", "prisma", "properties", "proto", "ps1", "pug", "pxd", "py", "pyi",
        "pyx", "r", "rake", "rb", "rego", "resx", "rkt", "rs", "rst", "rules", "sass", "sbt", "scala", "scss", "sh",
        "sln", "snap", "sql", "sqlite", "styl", "sum", "svelte", "svg", "swift", "tcl", "template", "tex", "tf",
        "tfvars", "thrift", "tmpl", "toml", "ts", "tsv", "tsx", "ttf", "txt", "vb", "vim", "vue", "wasm", "webmanifest",
        "webp", "woff", "woff2", "xcconfig", "xml", "xsd", "yaml", "yml", "zig", "zsh",
    ]

    /// Products whose names end like a file.
    private static let productNames: Set<String> = [
        "node.js", "next.js", "vue.js", "express.js", "react.js", "three.js", "d3.js", "nuxt.js", "chart.js",
        "alpine.js",
        "ember.js", "backbone.js", "asp.net", "socket.io",
    ]

    /// The path a token is where a plan lists files, so that a file name alone is enough.
    ///
    /// - Parameters:
    ///   - isCode: the token stands in backticks.
    ///   - isAlone: nothing but a note follows the token.
    static func listed(_ token: some StringProtocol, isCode: Bool, isAlone: Bool) -> OwnedPath? {
        let token = withoutPunctuation(token, isCode: isCode)
        if isCode, token.contains(" ") { return isSpacedPath(token) ? OwnedPath(token) : nil }
        guard isSpelledLikePath(token), let path = OwnedPath(token) else { return nil }
        if isCertain(token) || isDotFile(token) {
            return isAlone || isCode || token.contains("/") || !isProduct(token) ? path : nil
        }
        if token.contains("/") { return isCode || (isAlone && !isPairOfWords(token)) ? path : nil }
        if isBareName(token) || token.contains("*") { return isCode || isAlone ? path : nil }
        return hasUnknownExtension(token) && isAlone && !isProduct(token) ? path : nil
    }

    /// The path a token is in running text, where only what can be nothing else is taken.
    static func mentioned(_ token: some StringProtocol, isCode: Bool) -> OwnedPath? {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }) else { return nil }
        let token = withoutPunctuation(token, isCode: isCode)
        // `.glass-card` in running text is a style's class.
        guard isSpelledLikePath(token), !isProduct(token), isCertain(token) || isSettingsFile(token) else { return nil }
        return OwnedPath(token)
    }

    /// The paths in a line of running text.
    ///
    /// Code with spaces in it is a command or a sample, and names nothing.
    static func mentions(in text: some StringProtocol) -> [OwnedPath] {
        Inline.spans(text).flatMap { span -> [OwnedPath] in
            switch span {
            case .code(let code):
                return code.contains(" ") ? [] : [mentioned(code, isCode: true)].compactMap { $0 }
            case .text(let text):
                guard text.utf8.contains(where: { "./".utf8.contains($0) }) else { return [] }
                return text.split { $0.isWhitespace || "()[]\"'“”,;<>|=".contains($0) }
                    .compactMap { mentioned($0, isCode: false) }
            }
        }
    }

    private static func withoutPunctuation(_ token: some StringProtocol, isCode: Bool) -> Substring {
        let text = String(token)[...]
        // Almost all tokens begin and end in a letter or a digit, which takes no look at characters.
        if let first = text.utf8.first, let last = text.utf8.last, first.isASCIIAlphanumeric, last.isASCIIAlphanumeric {
            return text
        }
        return isCode ? text.trimmed : text.trimmed("\"'“”‘’,;:!").withoutFullStop
    }

    /// Everything that is certainly something else is turned down here.
    private static func isSpelledLikePath(_ token: Substring) -> Bool {
        let bytes = token.utf8
        if let first = bytes.first, first.isASCIIAlphanumeric, bytes.count <= 512,
            bytes.allSatisfy({ plainBytes[Int($0)] })
        {
            return bytes.contains { $0.isASCIILetter || $0 == UInt8(ascii: "*") }
        }
        guard let first = token.first, token.utf8.count <= 512, !token.hasPrefix("/"), !token.contains("://"),
            !token.contains("("), !token.hasPrefix("-"), !token.hasPrefix("@") || token.contains("/")
        else {
            // Route groups of web frameworks: `app/(auth)/page.tsx`.
            return token.contains("/(") && !token.hasPrefix("/") && !token.hasSuffix(")")
        }
        guard first.isLetter || first.isNumber || "._*[{@".contains(first) else { return false }
        return token.allSatisfy { $0.isLetter || $0.isNumber || "._-/*?[]{}@+~#%,!$".contains($0) }
            && token.contains { $0.isLetter || $0 == "*" }
    }

    /// The bytes of names without anything special; the rest is looked at character by character.
    private static let plainBytes: [Bool] = (0..<256).map { value in
        UInt8(value).isASCIIAlphanumeric || "._-/*?[]{}@+~#%,!$".utf8.contains(UInt8(value))
    }

    /// A known extension, a directory, or a pattern in a directory.
    private static func isCertain(_ token: Substring) -> Bool {
        if token.utf8.contains(UInt8(ascii: "/")) {
            if token.utf8.last == UInt8(ascii: "/") || token.utf8.contains(UInt8(ascii: "*")) {
                return !token.allSatisfy { "*/".contains($0) }
            }
            if token.hasPrefix("."), token.dropFirst().first?.isLetter == true { return true }
            return token.split(separator: "/").last.map { hasKnownExtension($0) || isBareName($0) } ?? false
        }
        return hasKnownExtension(token)
    }

    /// `data/plan 2026.csv`: a directory first and an extension last, so that it is no command and no list.
    private static func isSpacedPath(_ token: Substring) -> Bool {
        let words = token.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 2, words.allSatisfy({ !$0.isEmpty && isSpelledLikePath($0) || $0.allSatisfy(\.isNumber) }),
            let first = words.first, let last = words.last
        else { return false }
        return first.contains("/") && !first.hasPrefix(".") && hasKnownExtension(last)
            && !words.dropLast().contains { hasKnownExtension($0) || $0.hasSuffix("/") }
    }

    /// `.bandit`, `.env.example`.
    private static func isDotFile(_ token: Substring) -> Bool {
        token.hasPrefix(".") && !token.hasPrefix("..") && token.utf8.count > 2
            && token.dropFirst().allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    }

    private static func isSettingsFile(_ token: Substring) -> Bool {
        isDotFile(token)
            && (token.hasPrefix(".env") || token.hasPrefix(".git") || token.hasSuffix("rc") || token.hasSuffix("ignore")
                || token == ".editorconfig" || token == ".swift-format" || token == ".mailmap")
    }

    private static func hasKnownExtension(_ name: Substring) -> Bool {
        fileExtension(of: name).map { extensions.contains($0) } ?? false
    }

    /// One short ending after a name; `os.environ.get` and `self.pool` are code.
    private static func hasUnknownExtension(_ token: Substring) -> Bool {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count > 1, let ending = fileExtension(of: token) else { return false }
        return ending.utf8.count <= 5
            && !["self", "this", "os", "sys", "app", "conn", "window", "document"].contains(parts[0])
    }

    private static func fileExtension(of name: Substring) -> String? {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return nil }
        let ending = name[name.utf8.index(after: dot)...]
        if ending.utf8.allSatisfy(\.isASCIIAlphanumeric) {
            return ending.utf8.contains(where: \.isASCIILetter) ? ending.lowercased() : nil
        }
        guard ending.allSatisfy({ $0.isLetter || $0.isNumber }), ending.contains(where: \.isLetter) else { return nil }
        return ending.lowercased()
    }

    private static func isBareName(_ name: Substring) -> Bool {
        bareNames.contains(name.lowercased()) && name.first?.isUppercase == true || name == "justfile"
            || name == "makefile"
    }

    private static func isProduct(_ token: Substring) -> Bool {
        productNames.contains(token.lowercased())
    }

    /// `and/or`, `CI/CD`, `UI/UX`: words, not directories.
    private static func isPairOfWords(_ token: Substring) -> Bool {
        let parts = token.split(separator: "/")
        guard parts.count > 1 else { return false }
        return ["and/or", "n/a", "w/o", "either/or", "he/she"].contains(token.lowercased())
            || parts.allSatisfy { $0.allSatisfy(\.isUppercase) || $0.allSatisfy(\.isNumber) }
    }
}

extension Substring {
    /// Without the full stop that ends a sentence; a single one, so that `..` stays what it is.
    fileprivate var withoutFullStop: Substring {
        hasSuffix(".") && !hasSuffix("..") ? dropLast() : self
    }
}
