/// What a line of shell does, as far as a plan's reader has to know.
struct ShellCommand {
    let text: String

    /// Programs that run tests, with the words that make them do so.
    private static let testers: [[String]] = [
        ["pytest"], ["py.test"], ["tox"], ["nox"], ["unittest"], ["npm", "test"], ["npm", "t"], ["npm", "run", "test"],
        ["pnpm", "test"], ["pnpm", "run", "test"], ["yarn", "test"], ["yarn", "run", "test"], ["bun", "test"],
        ["deno", "test"], ["npx", "jest"], ["npx", "vitest"], ["npx", "playwright"], ["npx", "mocha"],
        ["npx", "cypress"],
        ["jest"], ["vitest"], ["mocha"], ["node", "--test"], ["go", "test"], ["go", "vet"], ["cargo", "test"],
        ["cargo", "nextest"], ["swift", "test"], ["xcodebuild", "test"], ["make", "test"], ["make", "check"],
        ["make", "ci"],
        ["make", "verify"], ["just", "test"], ["just", "check"], ["just", "ci"], ["task", "test"], ["mvn", "test"],
        ["mvn", "verify"], ["gradle", "test"], ["gradle", "check"], ["gradlew", "test"], ["gradlew", "check"],
        ["mvnw", "test"], ["mvnw", "verify"], ["rspec"], ["rake", "test"], ["rake", "spec"], ["rails", "test"],
        ["phpunit"],
        ["composer", "test"], ["pest"], ["dotnet", "test"], ["ctest"], ["bazel", "test"], ["mix", "test"],
        ["sbt", "test"],
        ["lein", "test"], ["zig", "test"], ["zig", "build", "test"], ["stack", "test"], ["cabal", "test"],
        ["dune", "test"],
        ["flutter", "test"], ["dart", "test"], ["turbo", "test"], ["nx", "test"], ["bats"], ["prove"], ["trial"],
        ["meson", "test"],
        ["ninja", "test"], ["cmake", "--build"], ["earthly", "+test"], ["manage.py", "test"],
    ]

    /// Programs that check without running tests; taken where a plan names no tests.
    private static let checkers: [[String]] = [
        ["cargo", "clippy"], ["cargo", "fmt"], ["cargo", "build"], ["cargo", "check"], ["ruff"], ["mypy"], ["pyright"],
        ["flake8"], ["eslint"], ["npx", "eslint"], ["tsc"], ["npx", "tsc"], ["npm", "run", "lint"],
        ["npm", "run", "build"], ["npm", "run", "typecheck"], ["swift", "build"], ["swift", "format"], ["go", "build"],
        ["golangci-lint"], ["mkdocs", "build"], ["pre-commit", "run"], ["terraform", "validate"], ["shellcheck"],
        ["make", "lint"], ["make", "build"], ["make", "all"],
    ]

    /// True when some part of the command checks something, though not with tests.
    var isCheck: Bool {
        parts.contains { part in
            let words = Self.words(of: part)
            return Self.checkers.contains { Self.starts(words, with: $0) }
        }
    }

    /// The words of the command's first part after set-up such as `source … &&` and `cd …;`.
    var isTest: Bool {
        parts.contains { part in
            let words = Self.words(of: part)
            return Self.testers.contains { Self.starts(words, with: $0) } || Self.isTestScript(words)
        }
    }

    /// True for lines that prepare the shell for the ones after them.
    var isSetup: Bool {
        ["source ", ". ", "export ", "set -"].contains { text.hasPrefix($0) } && !isTest
    }

    /// True when the exit status the shell sees is not the tests' own.
    var losesStatus: Bool {
        let last = parts.last ?? ""
        return last.contains(" | ") || text.hasSuffix("&") || text.contains("|| true") || text.hasSuffix("|| :")
    }

    /// True when the command runs in the background.
    var isInBackground: Bool { text.hasSuffix("&") && !text.hasSuffix("&&") }

    /// The line without what `#` begins.
    var withoutComment: String {
        guard let last = parts.last else { return "" }
        return String(text[..<last.endIndex].trimmed)
    }

    /// The commands of a line that `&&` and `;` join, without comments.
    var parts: [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var quote: Character?
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "#", index == text.startIndex || text[text.index(before: index)].isWhitespace {
                parts.append(text[start..<index].trimmed)
                return parts.filter { !$0.isEmpty }
            } else if character == ";" || text[index...].hasPrefix("&&") {
                parts.append(text[start..<index].trimmed)
                if character == "&" { index = text.index(after: index) }
                start = text.index(after: index)
            }
            index = text.index(after: index)
        }
        parts.append(text[start...].trimmed)
        return parts.filter { !$0.isEmpty }
    }

    /// Words without environment settings and without runners such as `uv run` and `python -m`.
    private static func words(of part: Substring) -> [Substring] {
        var words = part.split { $0 == " " || $0 == "\t" }[...]
        let runners: [[String]] = [
            ["uv", "run"], ["poetry", "run"], ["pipenv", "run"], ["pdm", "run"], ["hatch", "run"], ["rye", "run"],
            ["bundle", "exec"], ["python", "-m"], ["python3", "-m"], ["time"], ["env"], ["nice"], ["xvfb-run"],
            ["sudo"],
            ["docker", "compose", "exec"], ["python"], ["python3"], ["coverage", "run", "-m"], ["bash"], ["sh"],
        ]
        var isChanged = true
        while isChanged {
            isChanged = false
            if let first = words.first, first.contains("="), first.first?.isLetter == true || first.hasPrefix("_") {
                words.removeFirst()
                isChanged = true
            } else if let runner = runners.first(where: { starts(Array(words), with: $0) }), words.count > runner.count
            {
                words = words.dropFirst(runner.count)
                isChanged = true
            }
        }
        return Array(words)
    }

    private static func starts(_ words: [Substring], with expected: [String]) -> Bool {
        guard words.count >= expected.count, let program = words.first?.split(separator: "/").last else { return false }
        guard program == expected[0] else { return false }
        return zip(words.dropFirst(), expected.dropFirst()).allSatisfy { word, wanted in
            word == wanted || (wanted == "test" && word.hasPrefix("test:"))
        }
    }

    /// `./run_tests.sh`, `script/test`, `bin/ci`, `scripts/test.sh`.
    private static func isTestScript(_ words: [Substring]) -> Bool {
        guard let first = words.first, first.contains("/"), let name = first.split(separator: "/").last else {
            return false
        }
        let parts = name.lowercased().split { !$0.isLetter }
        return !Set(parts).isDisjoint(with: ["test", "tests", "ci", "cibuild", "check"]) && !name.hasSuffix(".py")
            || name == "runtests.py" || name == "run_tests.py"
    }
}
