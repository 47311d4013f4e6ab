import SwiftSyntax

/// Random numbers that can be foretold.
struct PredictableRandom: Rule {
    let metadata = SwiftRule(
        id: "predictable-random",
        title: "Predictable random number",
        why: "`rand`, `random`, `drand48` and seeded generators follow from a small state: who sees some numbers knows "
            + "the others, tokens made of them included.",
        mend:
            "Use the standard library's `SystemRandomNumberGenerator` (`UInt64.random(in:)`), `SecRandomCopyBytes`, or "
            + "`SymmetricKey(size:)` for secrets.",
        cwe: [338, 330],
        severity: .medium,
        examples: .init(
            wrong: [
                "let token = String(rand(), radix: 16)",
                "srand(UInt32(time(nil)))",
                "let value = drand48()",
                "let source = GKMersenneTwisterRandomSource(seed: 42)\nlet sessionToken = source.nextInt()",
                #"let resetToken = "\(Date().timeIntervalSince1970)""#,
                "func nonce() -> String { String(Int(Date().timeIntervalSince1970)) }",
            ],
            right: [
                "let token = UInt64.random(in: .min ... .max)",
                "let value = Int.random(in: 0..<10)",
                "var generator = SystemRandomNumberGenerator()\nlet key = UInt64.random(in: 1...9, using: &generator)",
                "let now = Date().timeIntervalSince1970",
                "let item = list.random()",
                "extension Machine { func delay() -> Double { 0.8 + 0.4 * random() } }",
            ]
        )
    )

    private static let functions: Set<String> = [
        "rand", "rand_r", "random", "srand", "srandom", "drand48", "lrand48", "mrand48", "erand48", "nrand48",
        "jrand48",
        "srand48", "seed48", "initstate",
    ]
    private static let gameSources: Set<String> = [
        "GKMersenneTwisterRandomSource", "GKLinearCongruentialRandomSource", "GKARC4RandomSource", "GKRandomSource",
        "GKRandomDistribution", "GKGaussianDistribution", "GKShuffledDistribution",
    ]

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: Self.functions) where isC(call, in: file) {
            let secret = secretName(around: Syntax(call.node))
            report.add(
                call, "`\(call.name)` is predictable" + (secret.map { " and makes `\($0)`" } ?? ""),
                severity: secret == nil ? .medium : .high, confidence: secret == nil ? .medium : .high
            )
        }
        for call in file.calls(named: Self.gameSources) {
            report.add(call, "`\(call.name)` is made for games and predictable", severity: .low, confidence: .medium)
        }
        for call in file.calls(named: "sharedRandom") where call.base == "GKRandomSource" {
            report.add(
                call, "`GKRandomSource` is made for games and predictable", severity: .low, confidence: .medium)
        }
        for binding in file.bindings {
            guard let value = binding.value, SensitiveName.mustBeUnguessable(binding.name) else { continue }
            if binding.typeName == nil || binding.typeName == "String" {
                checkClock(value, makes: binding.name, at: binding.node, &report)
            }
            checkGenerator(value, makes: binding.name, at: binding.node, file, &report)
        }
        for function in file.functions where SensitiveName.mustBeUnguessable(function.name) {
            for result in function.results {
                guard let node = result.elements.first else { continue }
                if function.node.signature.returnClause?.type.trimmedText == "String" {
                    checkClock(result, makes: function.name, at: node, &report)
                }
                checkGenerator(result, makes: function.name, at: node, file, &report)
            }
        }
    }

    /// A C function: free or from the C library, and not one that this file or type defines.
    private func isC(_ call: Call, in file: SourceModel) -> Bool {
        if let base = call.base {
            return CLibrary.names.contains(base) && call.path.count == 2
        }
        guard call.trailingClosures.isEmpty, call.arguments.allSatisfy({ $0.label == nil }) else { return false }
        let isOwn = (file.functionsByName[call.name] ?? []).contains { function in
            function.scope.parent?.kind != .type
                || function.scope.parent?.typeName == call.scope.enclosingType?.typeName
        }
        // An extension's file without any import has no C library; the name is a member's, declared with the type.
        if file.imports.isEmpty, call.scope.enclosingType?.node.is(ExtensionDeclSyntax.self) == true { return false }
        return !isOwn && file.binding(named: call.name, from: call.scope, before: .max) == nil
    }

    /// A secret made of the clock or a process number.
    private func checkClock(
        _ value: Expression, makes secret: String, at node: some SyntaxProtocol, _ report: inout Report
    ) {
        let tokens = value.elements.flatMap { $0.tokens(viewMode: .sourceAccurate).map(\.text) }.prefix(200)
        let clock = [
            "timeIntervalSince1970", "timeIntervalSinceReferenceDate", "processIdentifier", "getpid",
            "mach_absolute_time", "hashValue",
        ]
        let readsClock = zip(tokens, tokens.dropFirst(2)).contains { $0 == "Date" && $1 == ")" }
        if let source = clock.first(where: { tokens.contains($0) }) ?? (readsClock ? "Date()" : nil),
            !tokens.contains("random"), !tokens.contains("UUID"),
            tokens.contains("String") || tokens.contains("\"") || tokens.contains("md5") || tokens.contains("hash")
                || tokens.contains("%")
        {
            report.add(
                node, in: value.scope, "`\(secret)` is made of `\(source)`, which can be guessed",
                severity: .high, confidence: SensitiveName.kind(of: secret) == .vague ? .low : .medium)
        }
    }

    /// A secret made with a generator that somebody seeded.
    private func checkGenerator(
        _ value: Expression, makes secret: String, at node: some SyntaxProtocol, _ file: SourceModel,
        _ report: inout Report
    ) {
        let tokens = value.elements.flatMap { $0.tokens(viewMode: .sourceAccurate).map(\.text) }.prefix(200)
        guard tokens.contains("random") || tokens.contains("randomElement") || tokens.contains("shuffled"),
            let using = tokens.firstIndex(of: "using"), using + 3 < tokens.endIndex
        else { return }
        let name = tokens[using + 2] == "&" ? tokens[using + 3] : tokens[using + 2]
        guard let generator = file.binding(named: name, from: value.scope, before: value.range.lowerBound),
            let made = generator.value?.text, !made.contains("SystemRandomNumberGenerator"),
            made.lowercased().contains("seed") || made.contains(where: \.isNumber)
        else { return }
        report.add(
            node, in: value.scope, "`\(secret)` comes from the seeded generator `\(name)`",
            severity: .high, confidence: .medium)
    }

    /// The secret that a call helps to make, by the name of the variable or function around it.
    private func secretName(around node: Syntax) -> String? {
        var ancestor = node.parent
        for _ in 0..<30 {
            guard let here = ancestor else { return nil }
            if let binding = here.as(PatternBindingSyntax.self)?.pattern.trimmedText,
                SensitiveName.mustBeUnguessable(binding)
            {
                return binding
            }
            if let function = here.as(FunctionDeclSyntax.self)?.name.text {
                return SensitiveName.mustBeUnguessable(function) ? function : nil
            }
            ancestor = here.parent
        }
        return nil
    }
}
