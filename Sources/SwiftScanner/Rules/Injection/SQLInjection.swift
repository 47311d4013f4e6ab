import SwiftSyntax

/// SQL text that is put together from values.
struct SQLInjection: Rule {
    let metadata = SwiftRule(
        id: "sql-injection",
        title: "SQL built from values",
        why: "A value with a quote in it becomes SQL: whoever chooses it reads, changes or deletes what they like.",
        mend: "Bind values as arguments: `?` or `:name` with `arguments:` in GRDB, `\\(value)` of a `PostgresQuery`, "
            + "`$1` with `PQexecParams`, `sqlite3_bind_text`. Names of tables and columns: choose from a fixed list.",
        cwe: [89],
        severity: .high,
        examples: .init(
            wrong: [
                #"""
                func find(name: String) throws -> Row? {
                    try Row.fetchOne(db, sql: "SELECT * FROM user WHERE name = '\(name)'")
                }
                """#,
                #"""
                func remove(id: String) {
                    let sql = "DELETE FROM user WHERE id = " + id
                    sqlite3_exec(db, sql, nil, nil, nil)
                }
                """#,
                #"connection.query(PostgresQuery(unsafeSQL: "SELECT * FROM \(table)"), logger: logger)"#,
                #"""
                app.get("find") { req in
                    let name = req.query["name"] ?? ""
                    return try await sql.raw("SELECT * FROM users WHERE name = '\(unsafeRaw: name)'").all()
                }
                """#,
                #"let result = PQexec(connection, String(format: "SELECT * FROM t WHERE a = '%@'", name))"#,
            ],
            right: [
                #"try Row.fetchOne(db, sql: "SELECT * FROM user WHERE name = ?", arguments: [name])"#,
                #"try db.execute(literal: "DELETE FROM user WHERE id = \(id)")"#,
                #"let request: SQLRequest<Player> = "SELECT * FROM player WHERE id = \(id)""#,
                #"""
                func rows(id: Int, client: PostgresClient, logger: Logger) async throws {
                    try await client.query("SELECT * FROM users WHERE id = \(id)", logger: logger)
                }
                """#,
                #"""
                struct Store {
                    static let table = "users"
                    func all() throws { try db.execute(sql: "SELECT * FROM \(Self.table)") }
                }
                """#,
                #"print("Select an item from the list of \(name)")"#,
            ]
        )
    )

    func check(_ file: SourceModel, _ report: inout Report) {
        let sinks = SQLSinks(file: file)
        for sink in sinks.all {
            var evaluator = Evaluator(file, for: .sql)
            let value = evaluator.value(of: sink.text)
            guard value.isOpen else { continue }
            let isComposed = value.parts.contains {
                if case .literal(let text) = $0 { text.contains { $0.isLetter } } else { false }
            }
            if !isComposed, value.trust != .external {
                // The text came as a whole from a caller: who puts it together is to blame, and judged when seen.
                guard sink.isRaw, !isJudgedAtCalls(sink, sinks, file) else { continue }
                report.add(
                    sink.call, "the SQL given to `\(sink.call.name)` comes from elsewhere" + origin(value),
                    severity: .low, confidence: .low)
                continue
            }
            guard sink.isRaw || SQLText.looksLikeSQL(value.skeleton) || sink.isNamed && value.isQuoted else { continue }
            let isUncertain =
                value.trust == .unknown || !value.isQuoted && isNameOfOwnType(value, sink.text.scope, file)
            report.add(
                sink.call, "the SQL given to `\(sink.call.name)` is built from values" + origin(value),
                severity: isUncertain ? .medium : .high, confidence: isUncertain ? .low : value.confidence)
        }
        checkRawInterpolations(file, &report)
        checkQuotedValues(file, &report)
    }

    /// Whether a function only hands its text on, and every call of it is judged: it takes the text as `sql:`, which
    /// makes its calls sinks in whatever file, or all of them are in this one.
    private func isJudgedAtCalls(_ sink: SQLSinks.Sink, _ sinks: SQLSinks, _ file: SourceModel) -> Bool {
        if sinks.takesSQL(sink) { return true }
        guard let (function, _) = sinks.handingOn(sink) else { return false }
        return function.isPrivate && !file.calls(named: function.name).isEmpty
    }

    /// Whether all that is put in are properties of parameters whose types are the program's own, where SQL has names:
    /// `PRAGMA \(table.schemaID.name)`. Such types hold what the program chose more often than what somebody sent,
    /// and only their declaration could tell.
    private func isNameOfOwnType(_ value: Value, _ scope: Scope, _ file: SourceModel) -> Bool {
        guard value.trust == .parameter else { return false }
        return value.parts.allSatisfy { part in
            guard case .value(let node, let trust, _) = part, trust >= .unknown else { return true }
            let path = node.path(limit: 6)
            guard path.count > 1, !path.contains("[]"), let owner = path.first,
                let type = file.binding(named: owner, from: scope, before: node.range.lowerBound)?.typeName
            else { return false }
            return type.first?.isUppercase == true
                && !["String", "Substring", "Request"].contains(where: type.contains)
                && !["Any", "Data"].contains(type)
        }
    }

    private func origin(_ value: Value) -> String { value.origin.map { ": \($0)" } ?? "" }

    /// `\(raw: value)` of SQLKit, `\(unescaped: value)` of PostgresNIO and `\(sql: value)` of GRDB do not bind.
    private func checkRawInterpolations(_ file: SourceModel, _ report: inout Report) {
        for string in file.strings where string.isInterpolated {
            for case .expressionSegment(let segment) in string.node.segments {
                guard let argument = segment.expressions.first, let label = argument.label?.text,
                    ["raw", "unsafeRaw", "unescaped", "sql", "unsafeSQL"].contains(label),
                    !report.covers(string.node.range)
                else { continue }
                let value = Evaluator.value(of: Expression(argument.expression, in: string.scope), in: file, for: .sql)
                guard value.isOpen, label != "raw" || isSQL(string, file) else { continue }
                report.add(
                    string.node, in: string.scope, "`\\(\(label):)` puts text into SQL unchanged" + origin(value),
                    confidence: value.confidence)
            }
        }
    }

    private static let libraries: Set<String> = [
        "SQLKit", "Fluent", "FluentKit", "FluentSQL", "PostgresKit", "MySQLKit", "SQLiteKit", "FluentPostgresDriver",
        "FluentMySQLDriver", "FluentSQLiteDriver",
    ]

    /// `\(raw:)` is swift-syntax's too, for source code.
    private func isSQL(_ string: StringLiteral, _ file: SourceModel) -> Bool {
        if !file.imports.isDisjoint(with: Self.libraries) { return true }
        let text = string.node.segments.compactMap { $0.as(StringSegmentSyntax.self)?.content.text }
        return SQLText.looksLikeSQL(text.joined(separator: "\u{FFFC}"))
    }

    /// SQL with a value between quotes is dangerous wherever it goes; the quotes say that it is not bound.
    private func checkQuotedValues(_ file: SourceModel, _ report: inout Report) {
        for string in file.strings where string.isInterpolated {
            guard let first = string.node.segments.first?.as(StringSegmentSyntax.self)?.content.text,
                SQLText.mayStartSQL(first), !report.covers(string.node.range)
            else { continue }
            let value = Evaluator.value(of: Expression(string.node, in: string.scope), in: file, for: .sql)
            let skeleton = value.skeleton
            guard value.isOpen, SQLText.looksLikeSQL(skeleton),
                value.isQuoted, !reaches(string, file, report)
            else { continue }
            report.add(
                string.node, in: string.scope, "SQL is built with a value between quotes" + origin(value),
                severity: .medium, confidence: value.trust == .external ? .medium : .low)
        }
    }

    /// Whether the literal's variable, or the function that returns it, is used where a call was reported.
    private func reaches(_ string: StringLiteral, _ file: SourceModel, _ report: Report) -> Bool {
        let around = string.scope.enclosingFunction ?? file.fileScope
        if report.covers(around.node.range) { return true }
        guard let function = around.node.as(FunctionDeclSyntax.self), !function.name.text.isEmpty else { return false }
        return file.calls(named: function.name.text).contains { call in
            file.spend() && file.function(calledBy: call.path)?.scope === around
                && report.covers((call.scope.enclosingHandler ?? file.fileScope).node.range)
        }
    }
}

extension Value {
    /// Whether something that is not known stands between quotes, so that it is surely not bound.
    fileprivate var isQuoted: Bool {
        let skeleton = skeleton
        return skeleton.contains("'\u{FFFC}") || skeleton.contains("'%\u{FFFC}")
    }
}
