import SwiftSyntax

/// The calls of a file that take SQL as text.
struct SQLSinks {
    let file: SourceModel

    struct Sink {
        let call: Call
        let text: Expression
        /// The function takes nothing but SQL text, so that anything given to it is SQL.
        let isRaw: Bool
        /// The call itself names the text `sql`.
        var isNamed = false
    }

    /// C functions and the position of their SQL.
    private static let positions: [String: Int] = [
        "sqlite3_exec": 1, "sqlite3_prepare": 1, "sqlite3_prepare_v2": 1, "sqlite3_prepare_v3": 1,
        "sqlite3_get_table": 1,
        "sqlite3_prepare16_v2": 1, "PQexec": 1, "PQexecParams": 1, "PQprepare": 2, "PQsendQuery": 1,
        "PQsendQueryParams": 1,
        "PQsendPrepare": 2, "mysql_query": 1, "mysql_real_query": 1, "duckdb_query": 1, "duckdb_prepare": 1,
    ]

    /// Methods whose first argument is SQL in one library or another; judged by the text too.
    private static let methods: Set<String> = [
        "query", "execute", "run", "prepare", "scalar", "executeQuery", "executeUpdate", "executeStatements",
        "simpleQuery",
        "raw", "rawQuery", "exec", "sendQuery", "prepareStatement", "unsafeQuery", "unsafeRaw", "executeRaw", "pluck",
        "vacuum",
        "fetch", "fetchAll", "all", "SQLRaw", "Statement", "prepareRowIterator", "queryRaw", "executeSQL", "runQuery",
        "sql",
        "executeCommand", "select", "statement", "executeScalar", "executeNonQuery", "fetchRows", "fetchOne",
        "fetchRow", "perform", "command",
    ]

    private static let fragments: Set<String> = [
        "filter", "order", "select", "having", "group", "joining", "annotated", "check", "column", "SQL",
    ]

    /// The calls that take SQL, and those of functions of the file that hand it on to them as it is.
    var all: [Sink] {
        let direct = direct
        let taken = Set(direct.map { $0.call.node.id })
        var known: Set<ObjectIdentifier> = []
        let functions = direct.filter(\.isRaw).compactMap(handingOn).filter { known.insert($0.parameter).inserted }
        let indirect = functions.flatMap { function, parameter in
            file.calls(named: function.name).compactMap { call -> Sink? in
                guard !taken.contains(call.node.id), file.function(calledBy: call.path) != nil,
                    let text = function.bound(to: call.arguments)[parameter]
                else {
                    return nil
                }
                return Sink(call: call, text: text, isRaw: true)
            }
        }
        return direct + indirect
    }

    /// The function around a sink, and its parameter that the sink is given, when it is one as it came in.
    func handingOn(_ sink: Sink) -> (Function, parameter: ObjectIdentifier)? {
        guard let name = sink.text.single?.as(DeclReferenceExprSyntax.self)?.baseName.text,
            let binding = file.binding(named: name, from: sink.call.scope, before: sink.text.range.lowerBound),
            case .parameter = binding.source, binding.writes.isEmpty,
            let declaration = binding.scope.node.as(FunctionDeclSyntax.self),
            let function = file.functionsByName[declaration.name.text]?.first(where: { $0.scope === binding.scope })
        else { return nil }
        return (function, ObjectIdentifier(binding))
    }

    /// Whether a sink is given a parameter, as it came in, that callers name `sql`: their calls are sinks themselves.
    func takesSQL(_ sink: Sink) -> Bool {
        guard let name = sink.text.single?.as(DeclReferenceExprSyntax.self)?.baseName.text,
            let binding = file.binding(named: name, from: sink.call.scope, before: sink.text.range.lowerBound),
            case .parameter = binding.source, binding.writes.isEmpty
        else { return false }
        let node = binding.scope.node
        let signature = node.as(FunctionDeclSyntax.self)?.signature ?? node.as(InitializerDeclSyntax.self)?.signature
        return signature?.parameterClause.parameters.contains {
            $0.firstName.text == "sql" && ($0.secondName ?? $0.firstName).text == name
        } ?? false
    }

    private var direct: [Sink] {
        file.calls.compactMap { call in
            if let position = Self.positions[call.name] {
                guard call.arguments.count > position else { return nil }
                return Sink(call: call, text: call.arguments[position].value, isRaw: true)
            }
            if let text = call.argument("unsafeSQL") {
                return Sink(call: call, text: text, isRaw: true)
            }
            if let text = call.argument("raw"), ["sql", "custom", "filter", "where", "sort"].contains(call.name) {
                return Sink(call: call, text: text, isRaw: true)
            }
            if call.name == "PostgresQuery", let text = call.argument(anyOf: ["stringLiteral", "trusted"]) {
                return Sink(call: call, text: text, isRaw: true)
            }
            // SQLite.swift's, which binds nothing; GRDB's `literal:` does.
            if call.name == "Expression", let text = call.argument("literal"), !file.imports.contains("GRDB") {
                return Sink(call: call, text: text, isRaw: true)
            }
            if let text = call.argument("sql") {
                return Sink(
                    call: call, text: text, isRaw: isKnown(call), isNamed: true)
            }
            guard Self.methods.contains(call.name), let text = call.unlabelled ?? call.argument("query"),
                !binds(call, text)
            else { return nil }
            return Sink(call: call, text: text, isRaw: call.name == "SQLRaw")
        }
    }

    private func isKnown(_ call: Call) -> Bool {
        [
            "execute", "makeStatement", "cachedStatement", "fetchAll", "fetchOne", "fetchCursor", "fetchSet",
            "SQLRequest", "SQL", "allStatements", "explain",
        ].contains(call.name)
            || Self.fragments.contains(call.name)
    }

    /// Modules whose queries are literals that bind what is interpolated.
    private static let binding: Set<String> = ["PostgresNIO", "PostgresPool"]

    /// PostgresNIO's `query` takes a `PostgresQuery`: an interpolated literal given straight to it binds its values.
    private func binds(_ call: Call, _ text: Expression) -> Bool {
        guard text.single?.is(StringLiteralExprSyntax.self) == true else { return false }
        if ["raw", "simpleQuery"].contains(call.name) { return false }
        if call.has("logger") { return true }
        return ["query", "execute", "prepare"].contains(call.name) && !file.imports.isDisjoint(with: Self.binding)
            && (isAwaited(call) || file.imports.isDisjoint(with: Self.blocking))
    }

    /// Modules with methods of the same names that take a plain text, and never have to be awaited.
    private static let blocking: Set<String> = ["SQLite", "GRDB"]

    private func isAwaited(_ call: Call) -> Bool {
        var node = Syntax(call.node).parent
        while let here = node, !here.is(CodeBlockItemSyntax.self) {
            if here.is(AwaitExprSyntax.self) { return true }
            node = here.parent
        }
        return false
    }
}

/// Recognizes SQL by its first words.
enum SQLText {
    /// `\u{FFFC}` stands for a value.
    static func looksLikeSQL(_ text: String) -> Bool {
        let words = text.prefix(2000).uppercased().split { $0.isWhitespace || $0 == "(" || $0 == ";" }.map(String.init)
        guard let first = words.first else { return false }
        func follows(_ word: String) -> Bool { words.dropFirst().contains(word) }
        switch first {
        case "SELECT": return follows("FROM") || follows("UNION") || follows("WHERE")
        case "INSERT", "REPLACE": return follows("INTO") || follows("VALUES")
        case "UPDATE": return follows("SET")
        case "DELETE": return follows("FROM")
        case "WITH": return follows("SELECT") || follows("AS")
        case "CREATE", "DROP", "ALTER", "TRUNCATE":
            return [
                "TABLE", "INDEX", "VIEW", "TRIGGER", "DATABASE", "SCHEMA", "ROLE", "USER", "VIRTUAL", "TEMP",
                "TEMPORARY", "UNIQUE", "EXTENSION",
            ].contains(words.dropFirst().first ?? "")
        case "PRAGMA", "ATTACH", "VACUUM", "EXPLAIN": return words.count > 1
        case "GRANT", "REVOKE", "COPY", "CALL", "EXEC", "EXECUTE", "MERGE", "SET", "NOTIFY", "LISTEN":
            // `set(value) { … }` is what macros write.
            return words.count > 2 && !text.contains("{")
        default: return false
        }
    }

    static func mayStartSQL(_ text: String) -> Bool {
        let start = text.drop(while: \.isWhitespace).prefix(6).uppercased()
        return ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLAC"].contains(start)
    }
}
