import Synchronization

/// What a statement may leave behind in the session that the next user of the connection would meet: settings, temporary
/// tables, prepared statements, cursors, locks, listening.
///
/// Decided from the text, and on the safe side: a short list of statements is known to leave nothing; all others, and
/// those that mention what changes a session (`set_config`, advisory locks, `INTO`, `TEMP`), may. A connection that
/// ran one that may is reset with `DISCARD ALL` when it is given back, or closed where that does not help, and such a
/// statement never shares a connection.
/// What functions do that it calls is not in its text: ``FunctionEffects`` asks the server for theirs.
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
    /// It calls functions, or changes tables that may have triggers, of which is not known yet what they do.
    static let unseen = SessionEffect(rawValue: 16)
    /// It may define a function or a trigger anew.
    static let definition = SessionEffect(rawValue: 32)

    private static let harmless: Set<String> = [
        "select", "insert", "update", "delete", "merge", "values", "table", "with",
        "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "explain", "copy", "analyze",
        "vacuum", "truncate", "comment", "grant", "revoke", "notify", "refresh", "reindex", "checkpoint", "cluster",
        "lock", "show", "fetch", "move", "close", "create", "alter", "drop", "import", "reassign",
    ]

    /// What may stand behind `SET` that ends with the transaction.
    private static let local: Set<String> = ["local", "transaction", "constraints"]

    private static let shareable: Set<String> = [
        "select", "insert", "update", "delete", "merge", "values", "table", "with",
    ]

    /// What may change the statement timeout without naming it.
    private static let resetting: Set<String> = ["call", "reset", "discard"]

    /// What may define a function or a trigger.
    private static let defining: Set<String> = ["create", "alter", "drop", "do", "call"]

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
        /// The functions that it calls and the tables that it changes, except for the server's best known functions. Looked
        /// for only where the text alone tells of no effect.
        var names: FunctionEffects.Names?
    }

    /// Parts of names that change a session from within a query. Looked for in the whole text: a constant may be a
    /// statement that some function runs (`query_to_xml`), or end elsewhere than it seems (a server whose
    /// `standard_conforming_strings` is off).
    private static let suspicious = [
        "set_config", "pg_settings", "advisory_lock", "pg_temp", "query_to_xml", "set_limit", "u&\"",
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
        // Asked for at once: the second word of `SET` is read to know it.
        var isKnown = harmless.contains(first)
        if first == "set", let second = nextWord() { isKnown = local.contains(second) }
        let isHarmless = !isLasting && isKnown && !suspicious.contains { text.contains($0) }
        var effect: SessionEffect = isHarmless ? .none : .session
        var names = NameFinder()
        names.pass(first, tokens)
        var isInsert = first == "insert" || first == "merge"
        var isRead = !changing.contains(first)
        while effect == .none, let word = nextWord() {
            if changing.contains(word) { isRead = false }
            names.pass(word, tokens)
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
        }
        let isShareable = effect == .none && shareable.contains(first)
        let leavesNothing = effect == .none
        if defining.contains(first) { effect.insert(.definition) }
        if resetting.contains(first) || text.contains("statement_timeout"), first == "set" || !leavesNothing {
            effect.insert(.statementTimeout)
        }
        return Reading(
            effect: effect, isShareable: isShareable, isRead: isShareable && isRead,
            names: leavesNothing && !names.found.isEmpty ? FunctionEffects.Names(names.found) : nil)
    }

    // MARK: The source of a function

    /// What the source of a function in SQL or PL/pgSQL tells.
    struct Source {
        /// What the function may leave in the session, apart from what those that it calls leave.
        var effect: SessionEffect
        /// The functions that it calls and the tables that it changes.
        var names: Set<String>
    }

    /// Words of a function's source with which it may leave something, and those that run a text that is not to be seen.
    private static let suspiciousWords: Set<String> = [
        "temp", "temporary", "execute", "listen", "unlisten", "load", "discard", "reset", "prepare", "deallocate",
    ]

    /// Reads the source of a function.
    static func read(source: String) -> Source {
        var tokens = SQLTokens(source)
        let text = source.lowercased()
        let isLasting = lastingNames.contains { text.contains($0) }
        var effect: SessionEffect = isLasting ? [.session, .lasting] : .none
        if suspicious.contains(where: { text.contains($0) }) { effect.insert(.session) }
        var names = NameFinder()
        // `SET` is a statement of its own, unless an `UPDATE` stands before it in the same one.
        var (lastUpdate, isSet) = (-1, false)
        while let token = tokens.next() {
            guard case .word(let word) = token else { continue }
            if isSet, word != "local" { effect.insert(.session) }
            isSet = word == "set" && !tokens.isQualified && lastUpdate != tokens.semicolons
            if word == "update" { lastUpdate = tokens.semicolons }
            if suspiciousWords.contains(word) { effect.insert(.session) }
            names.pass(word, tokens)
        }
        if effect != .none, text.contains("statement_timeout") { effect.insert(.statementTimeout) }
        return Source(effect: effect, names: names.found)
    }
}

/// Finds, among the words of a statement or of a function's source, the names of functions that are called and of tables
/// that are changed.
private struct NameFinder {
    private(set) var found: Set<String> = []
    /// Whether a table's name is to come.
    private var expectsTable = false
    /// A table's name, of which more may come after a dot.
    private var table: String?

    /// The next word; the tokens have just returned it.
    mutating func pass(_ word: String, _ tokens: SQLTokens) {
        if let table, tokens.isQualified {
            found.remove(table)
            found.insert(word)
            self.table = word
            return
        }
        table = nil
        switch word {
        case "into", "update", "delete", "truncate": expectsTable = true
        case "from", "only", "table": break
        case "set", "of", "nowait", "skip", "on", "or", "then", "strict": expectsTable = false
        case _ where expectsTable:
            expectsTable = false
            table = word
            found.insert(word)
        default:
            guard tokens.isFollowedByParenthesis else { return }
            if tokens.isQualified || !Self.wellKnown.contains(word) { found.insert(word) }
        }
    }

    /// Words that stand before a parenthesis and call no function of a user's: of the language, and functions of the
    /// server's that many use. Of all others the server is asked, once, so that a gap costs little.
    private static let wellKnown: Set<String> = Set(
        """
        in values exists and or not any all some select from join on using where as over filter group by having limit offset
        union except intersect when then else case between like ilike is distinct returning row array lateral set default
        with recursive materialized conflict key check partition cube rollup sets grouping explain analyze copy vacuum
        interval numeric decimal varchar char character varying bit time timestamp timestamptz float if elsif return
        cast extract coalesce nullif greatest least position substring trim overlay normalize
        abs age array_agg array_append array_cat array_length array_position array_prepend array_remove array_to_string
        ascii avg bit_and bit_or bool_and bool_or btrim cardinality ceil ceiling char_length chr clock_timestamp concat
        concat_ws convert_from convert_to corr count current_setting currval date date_bin date_part date_trunc decode
        dense_rank encode every exp first_value floor format gen_random_uuid generate_series hashtext initcap int4 int8
        isfinite json_agg json_array_elements json_build_array json_build_object json_object_agg jsonb_agg
        jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each
        jsonb_object_agg jsonb_object_keys jsonb_set jsonb_strip_nulls lag last_value lastval lead left length ln log lower
        lpad ltrim make_date make_interval make_timestamp max md5 min mod mode nextval now ntile num_nonnulls numrange
        octet_length percent_rank percentile_cont percentile_disc pg_advisory_xact_lock pg_backend_pid pg_is_in_recovery
        pg_notify pg_relation_size pg_size_pretty pg_sleep pg_total_relation_size pg_try_advisory_xact_lock pg_typeof
        phraseto_tsquery plainto_tsquery power random rank regexp_match regexp_matches regexp_replace
        regexp_split_to_array regexp_split_to_table repeat replace reverse right round row_number row_to_json rpad rtrim
        setval setweight sha256 sign split_part sqrt starts_with statement_timestamp stddev stddev_pop stddev_samp
        string_agg string_to_array strpos substr sum to_char to_date to_json to_jsonb to_number to_regclass to_timestamp
        to_tsquery to_tsvector transaction_timestamp translate trunc ts_headline ts_rank ts_rank_cd tsrange tstzrange
        txid_current unnest upper var_pop var_samp variance version websearch_to_tsquery width_bucket
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
