import Synchronization

/// Whether a statement may leave something behind in the session that the next user of the connection would meet:
/// settings, temporary tables, prepared statements, cursors, locks, listening.
///
/// Decided from the text, and on the safe side: a short list of statements is known to leave nothing; all others, and
/// those that mention what changes a session (`set_config`, advisory locks, `INTO`, `TEMP`), may. A connection that
/// ran one that may is reset with `DISCARD ALL` when it is given back, and such a statement never shares a connection.
/// What a function of the user's own does inside cannot be seen; ``PostgresPoolConfiguration/resetsAlways`` is for that.
/// That `lastval()` and `currval()` remember an earlier user's `INSERT` is no reason for a reset.
enum SessionEffect: Sendable {
    case none
    case possible
    /// The same, and the statement timeout may not be the pool's any more.
    case possibleTimeout

    private static let harmless: Set<String> = [
        "select", "insert", "update", "delete", "merge", "values", "table", "with",
        "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "explain", "copy", "analyze",
        "vacuum", "truncate", "comment", "grant", "revoke", "notify", "refresh", "reindex", "checkpoint",
    ]

    private static let shareable: Set<String> = [
        "select", "insert", "update", "delete", "merge", "values", "table", "with",
    ]

    /// What may change the statement timeout without naming it.
    private static let resetting: Set<String> = ["call", "reset", "discard"]

    /// Words without which a shareable statement only reads, as far as its text tells: changes, and row locks, which
    /// `FOR` begins.
    private static let changing: Set<String> = ["insert", "update", "delete", "merge", "for"]

    /// What a statement's text tells.
    struct Reading {
        /// What it may leave in the session.
        var effect: SessionEffect
        /// Whether it can run on a connection that other statements use as well: it is a single query, and not one about
        /// the connection it runs on.
        var isShareable: Bool
        /// Whether it is a shareable one that changes nothing: others that do the same may share its transaction.
        var isRead: Bool
    }

    /// Parts of names that change a session from within a query. Looked for in the whole text: a constant may be a
    /// statement that some function runs (`query_to_xml`), or end elsewhere than it seems (a server whose
    /// `standard_conforming_strings` is off).
    private static let suspicious = [
        "set_config", "pg_settings", "advisory_lock", "dblink", "pg_temp", "setseed", "replication_origin_session",
    ]

    /// What was read lately: a program has few texts and runs them often.
    private static let known = Mutex<[String: Reading]>([:])
    private static let mostKnown = 1_000

    /// Reads a statement's text.
    static func classify(_ sql: String) -> Reading {
        if let reading = known.withLock({ $0[sql] }) { return reading }
        let reading = read(sql)
        known.withLock { known in
            if known.count >= mostKnown { known.removeAll(keepingCapacity: true) }
            known[sql] = reading
        }
        return reading
    }

    private static func read(_ sql: String) -> Reading {
        var tokens = SQLTokens(sql)
        func nextWord() -> String? {
            while let token = tokens.next() { if case .word(let word) = token { return word } }
            return nil
        }
        guard let first = nextWord() else { return Reading(effect: .none, isShareable: false, isRead: false) }
        let text = sql.lowercased()
        let isHarmless = harmless.contains(first) && !suspicious.contains { text.contains($0) }
        var effect: SessionEffect = isHarmless ? .none : .possible
        var isInsert = first == "insert" || first == "merge"
        var isRead = !changing.contains(first)
        while effect == .none, let word = nextWord() {
            if changing.contains(word) { isRead = false }
            switch word {
            case "into": if isInsert { isInsert = false } else { effect = .possible }
            case "insert", "merge": isInsert = true
            case "temp", "temporary": effect = .possible
            default: break
            }
        }
        if effect != .none, text.contains("statement_timeout") || resetting.contains(first) { effect = .possibleTimeout }
        let isShareable = effect == .none && shareable.contains(first)
        return Reading(effect: effect, isShareable: isShareable, isRead: isShareable && isRead)
    }
}
