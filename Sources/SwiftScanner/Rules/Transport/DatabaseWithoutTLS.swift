import SwiftSyntax

/// Database connections over the network that are not encrypted.
struct DatabaseWithoutTLS: Rule {
    let metadata = SwiftRule(
        id: "database-without-tls",
        title: "Database connection without TLS",
        why:
            "The password and every row pass in the clear; `prefer` falls back to that when somebody on the way wants it.",
        mend: "PostgresNIO: `tls: .require(...)`; libpq: `sslmode=verify-full`.",
        cwe: [319, 295],
        severity: .medium,
        examples: .init(
            wrong: [
                #"let c = PostgresClient.Configuration(host: host, username: user, password: password, database: "shop", tls: .disable)"#,
                #"let connection = PQconnectdb("host=db.shop.com sslmode=disable")"#,
                #"let url = "postgres://app@db.shop.com/shop?sslmode=allow""#,
            ],
            right: [
                "let c = PostgresClient.Configuration(host: host, username: user, password: password, database: name, tls: .require(context))",
                #"let c = PostgresClient.Configuration(host: "localhost", username: user, password: password, database: name, tls: .disable)"#,
                #"let connection = PQconnectdb("host=db.shop.com sslmode=verify-full")"#,
            ]
        )
    )

    var words: [String] { ["tls", "sslmode"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls {
            guard let tls = call.argument("tls") ?? call.argument("tlsConfiguration"),
                let name = tls.single.map({ $0.path(limit: 1).last ?? $0.trimmedText })
            else { continue }
            let isDatabase =
                call.path.contains {
                    ["Postgres", "MySQL", "SQLPostgres", "Mongo", "Redis"].contains(where: $0.contains)
                } || call.has("username", "database")
            let isOff = name == "disable" || (call.argument("tls") == nil && (name == "nil" || name == "none"))
            let host = call.argument(anyOf: ["host", "hostname"])
            guard isDatabase, isOff || name == "prefer()", !isLocal(host, file) else { continue }
            if isOff {
                report.add(call, "TLS is switched off", confidence: .high)
            } else if host.flatMap({ Evaluator.value(of: $0, in: file).text }) != nil {
                // Not where the host is a setting: that is every project from Vapor's template, run locally first.
                report.add(
                    call, "`.prefer` goes on without TLS when the other side says that it has none", severity: .low,
                    confidence: .medium)
            }
        }
        for string in file.strings {
            for case .stringSegment(let part) in string.node.segments {
                let text = part.content.text
                guard let mode = ["disable", "allow"].first(where: { text.contains("sslmode=\($0)") }),
                    !["localhost", "127.0.0.1", "host=/", "::1"].contains(
                        where: string.node.trimmedText.contains)
                else { continue }
                report.add(
                    string.node, in: string.scope, "`sslmode=\(mode)` does not demand encryption", confidence: .high)
            }
        }
    }

    private func isLocal(_ host: Expression?, _ file: SourceModel) -> Bool {
        guard let host else { return false }
        guard let text = Evaluator.value(of: host, in: file).text else { return false }
        return ["localhost", "127.0.0.1", "::1", "/"].contains { text.hasPrefix($0) }
    }
}
