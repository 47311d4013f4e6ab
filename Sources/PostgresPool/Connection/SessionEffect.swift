/// Whether a statement may leave something behind in the session that the next user of the connection would meet:
/// settings, temporary tables, prepared statements, cursors, locks, listening.
///
/// Decided from the text, and on the safe side: a short list of statements is known to leave nothing; all others, and
/// those that mention what changes a session (`set_config`, advisory locks, `INTO`, `TEMP`), may. A connection that
/// ran one that may is reset with `DISCARD ALL` when it is given back, and such a statement never shares a connection.
/// What a function of the user's own does inside cannot be seen; ``PostgresPoolConfiguration/resetsAlways`` is for that.
enum SessionEffect: Sendable {
    case none
    case possible

    private static let harmless: Set<String> = [
        "select", "insert", "update", "delete", "merge", "values", "table", "with",
        "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "explain", "copy", "analyze",
        "vacuum", "truncate", "comment", "grant", "revoke", "notify", "refresh", "reindex", "checkpoint",
    ]

    private static let shareable: Set<String> = [
        "select", "insert", "update", "delete", "merge", "values", "table", "with",
    ]

    /// Parts of names that change a session from within a query.
    private static let suspicious = ["set_config", "advisory_lock", "dblink", "pg_temp"]

    /// The effect of the statement, and whether it can run on a connection that other statements use as well: it is a
    /// single query, and not one about the connection it runs on.
    static func classify(_ sql: String) -> (effect: SessionEffect, isShareable: Bool) {
        var words = Words(sql)
        guard let first = words.next() else { return (.none, false) }
        var effect: SessionEffect = harmless.contains(first) ? .none : .possible
        var isInsert = first == "insert" || first == "merge"
        while effect == .none, let word = words.next() {
            switch word {
            case "into": if isInsert { isInsert = false } else { effect = .possible }
            case "insert", "merge": isInsert = true
            case "temp", "temporary": effect = .possible
            default: if word.count >= 6, suspicious.contains(where: word.contains) { effect = .possible }
            }
        }
        return (effect, effect == .none && shareable.contains(first))
    }

    /// The words of a statement in lower case; strings and comments are passed over, quotes around names ignored.
    private struct Words: IteratorProtocol {
        private var rest: Substring.UTF8View

        init(_ sql: String) { rest = sql[...].utf8 }

        mutating func next() -> String? {
            while let byte = rest.first {
                switch byte {
                case UInt8(ascii: "'"): skipString()
                case UInt8(ascii: "-") where rest.dropFirst().first == byte:
                    rest = rest[(rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex)...]
                case UInt8(ascii: "/") where rest.dropFirst().first == UInt8(ascii: "*"): skipComment()
                case _ where Self.isLetter(byte):
                    let word = rest.prefix { Self.isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                    rest = rest[word.endIndex...]
                    return String(decoding: word.map { (65...90).contains($0) ? $0 | 32 : $0 }, as: UTF8.self)
                default: rest.removeFirst()
                }
            }
            return nil
        }

        private mutating func skipString() {
            rest.removeFirst()
            rest = rest[(rest.firstIndex(of: UInt8(ascii: "'")).map(rest.index(after:)) ?? rest.endIndex)...]
        }

        private mutating func skipComment() {
            rest = rest.dropFirst(2)
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "*"), rest.first == UInt8(ascii: "/") else { continue }
                rest.removeFirst()
                return
            }
        }

        private static func isLetter(_ byte: UInt8) -> Bool {
            (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_") || byte >= 128
        }
    }
}
