import Synchronization

/// What a statement may leave behind in the session that the next user of the connection would meet: settings, temporary
/// tables, prepared statements, cursors, locks, listening.
///
/// Decided from the text, and on the safe side: a short list of statements is known to leave nothing; all others, and
/// those that mention what changes a session (`set_config`, advisory locks, `INTO`, `TEMP`), may. A connection that
/// ran one that may is reset with `DISCARD ALL` when it is given back, or closed where that does not help, and such a
/// statement never shares a connection.
/// What a function of the user's own does inside cannot be seen; ``PostgresPoolConfiguration/resetsAlways`` is for that.
/// That `lastval()` and `currval()` remember an earlier user's `INSERT` is no reason for a reset.
struct SessionEffect: OptionSet, Sendable {
    let rawValue: UInt8

    static let none: SessionEffect = []
    /// Something that `DISCARD ALL` undoes.
    static let session = SessionEffect(rawValue: 1)
    /// The statement timeout may not be the pool's any more.
    static let statementTimeout = SessionEffect(rawValue: 2)
    /// What was prepared may be gone.
    static let preparedStatements = SessionEffect(rawValue: 4)
    /// Something that only the end of the session undoes.
    static let lasting = SessionEffect(rawValue: 8)

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
        "set_config", "pg_settings", "advisory_lock", "pg_temp",
    ]

    /// The same for what `DISCARD ALL` leaves as it is: temporary replication slots, a backup under way, the origin of what
    /// is replicated, the seed of `random()`, connections of `dblink`.
    private static let lastingNames = [
        "create_physical_replication_slot", "create_logical_replication_slot", "copy_physical_replication_slot",
        "copy_logical_replication_slot", "pg_backup_start", "pg_start_backup", "replication_origin_session", "setseed",
        "dblink",
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
        let isLasting = first == "load" || lastingNames.contains { text.contains($0) }
        let isHarmless = !isLasting && harmless.contains(first) && !suspicious.contains { text.contains($0) }
        var effect: SessionEffect = isHarmless ? .none : .session
        var isInsert = first == "insert" || first == "merge"
        var isRead = !changing.contains(first)
        while effect == .none, let word = nextWord() {
            if changing.contains(word) { isRead = false }
            switch word {
            case "into": if isInsert { isInsert = false } else { effect = .session }
            case "insert", "merge": isInsert = true
            case "temp", "temporary": effect = .session
            default: break
            }
        }
        if effect != .none {
            if isLasting { effect.insert(.lasting) }
            if first == "deallocate" || first == "discard" { effect.insert(.preparedStatements) }
            if resetting.contains(first) || text.contains("statement_timeout") { effect.insert(.statementTimeout) }
        }
        let isShareable = effect == .none && shareable.contains(first)
        return Reading(effect: effect, isShareable: isShareable, isRead: isShareable && isRead)
    }
}
