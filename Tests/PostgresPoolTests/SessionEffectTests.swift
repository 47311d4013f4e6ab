import Testing

@testable import PostgresPool

@Suite(.timeLimit(.minutes(10))) struct SessionEffectTests {
    @Test(arguments: [
        "SELECT 1", "  select * from t", "/* SET x */ SELECT 1", "-- SET x\nINSERT INTO t VALUES ('SET into temp')",
        "WITH a AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM a", "UPDATE t SET a = 1", "VALUES (1)",
        "MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE",
    ])
    func plainQueriesMayShareAConnection(sql: String) {
        let reading = SessionEffect.classify(sql)
        #expect(reading.effect == .none)
        #expect(reading.isShareable)
    }

    @Test(arguments: [
        "SET work_mem = '1GB'", "SELECT set_config('a.b', 'c', false)", "SELECT \"set_config\"('a.b', 'c', false)",
        "SELECT * INTO TEMP x FROM t", "SELECT 1 INTO x", "CREATE TEMPORARY TABLE x (a INT)", "LISTEN x",
        "PREPARE p AS SELECT 1", "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "DO $$ BEGIN SET a.b = 'c'; END $$",
        "SELECT pg_advisory_lock(1)", "SELECT pg_try_advisory_lock(1)", "CALL p()", "LOAD 'x'",
        "WITH a AS (SELECT 1) SELECT * INTO pg_temp.x FROM a", "RESET ALL", "DISCARD ALL",
        "SELECT setseed(0.5)", "SELECT query_to_xml('SELECT set_config(''a.b'', ''c'', false)', true, true, '')",
        "SELECT pg_replication_origin_session_setup('x')", "SELECT 'a\\', Set_Config('a.b', 'c', false) --'",
    ])
    func statementsThatMayLeaveSomethingAreKnown(sql: String) {
        #expect(SessionEffect.classify(sql).effect != .none)
        #expect(!SessionEffect.classify(sql).isShareable)
    }

    /// They define something, or end with the transaction: the next borrower meets nothing of it.
    @Test(arguments: [
        "CREATE TABLE t (a INT DEFAULT f())", "ALTER TABLE t ADD b INT", "DROP TABLE t", "SET LOCAL work_mem = '1GB'",
        "SET TRANSACTION READ ONLY", "SET CONSTRAINTS ALL DEFERRED", "SHOW work_mem", "LOCK t", "FETCH 1 FROM c",
        "set local Statement_Timeout to '1h'", "CREATE TABLE statement_timeout (a INT)",
    ])
    func definitionsAndWhatIsLocalLeaveNothing(sql: String) {
        let reading = SessionEffect.classify(sql)
        #expect(!reading.effect.contains(.session))
        #expect(!reading.isShareable)
    }

    @Test(arguments: [
        "CREATE TEMP TABLE t (a INT)", "CREATE TABLE pg_temp.t (a INT)", "CREATE LOCAL TEMPORARY VIEW v AS SELECT 1",
        "ALTER TABLE pg_temp.t ADD b INT", "SET SESSION work_mem = '1GB'",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SET ROLE x", "SET LOCAL_ = 1", "DROP TABLE IF EXISTS temp", "SET SESSION AUTHORIZATION x",
        "SET TIME ZONE 'UTC'",
    ])
    func definitionsInTheSessionAreKnown(sql: String) {
        #expect(SessionEffect.classify(sql).effect.contains(.session))
    }

    @Test(arguments: [
        "SET statement_timeout = 0", "set local Statement_Timeout to '1h'", "RESET ALL", "DISCARD ALL", "CALL p()",
        "SELECT set_config('statement_timeout', $1, true)", "DO $$ BEGIN SET statement_timeout = 0; END $$",
        "UPDATE pg_settings SET setting = 0 WHERE name = 'statement_timeout'",
    ])
    func whatMayChangeTheStatementTimeoutIsKnown(sql: String) {
        #expect(SessionEffect.classify(sql).effect.contains(.statementTimeout))
    }

    @Test(arguments: [
        "SELECT pg_create_logical_replication_slot('a', 'b', temporary => true)", "SELECT pg_start_backup('a')",
        "LOAD 'x'", "SELECT SETSEED(0.5)", "SELECT dblink_connect('a', 'dbname=b')",
        "SELECT pg_replication_origin_session_setup('x')",
    ])
    func whatNoResetUndoesIsKnown(sql: String) {
        #expect(SessionEffect.classify(sql).effect.contains(.lasting))
    }

    @Test func lookingAtReplicationSlotsLeavesNothing() {
        #expect(SessionEffect.classify("SELECT * FROM pg_replication_slots").effect == .none)
    }

    @Test(arguments: ["SET work_mem = '1GB'", "LISTEN x", "SELECT setseed(0.5)"])
    func otherSettingsLeaveTheStatementTimeout(sql: String) {
        #expect(!SessionEffect.classify(sql).effect.contains(.statementTimeout))
    }

    @Test(arguments: [
        "SELECT 1", "select a from t where b = $1 -- for update", "VALUES (1)", "TABLE t", "SELECT 'delete from t'",
        "WITH a AS (SELECT 1) SELECT * FROM a", "SELECT $$ update $$, E'it\\'s for'",
    ])
    func readsAreKnown(sql: String) {
        #expect(SessionEffect.classify(sql).isRead)
    }

    @Test(arguments: [
        "INSERT INTO t VALUES (1)", "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a",
        "SELECT 1 FROM t FOR UPDATE",
        "SELECT 1 FROM t FOR NO KEY UPDATE", "select * from t for share", "BEGIN", "SET a.b = 'c'", "COPY t TO STDOUT",
    ])
    func whatMayChangeSomethingIsNoRead(sql: String) {
        #expect(!SessionEffect.classify(sql).isRead)
    }

    /// Quotes of every kind, in which a word must neither count nor hide the words behind it.
    @Test(arguments: [
        "SELECT E'\\'' , set_config('a.b', 'c', false)", "SELECT $$it's$$, set_config('a.b', 'c', false)",
        "SELECT $x$ $$ ' $x$, set_config('a.b', 'c', false)", "SELECT /* /* */ ' */ set_config('a.b', 'c', false)",
        "SELECT \"it's\", set_config('a.b', 'c', false) FROM t", "SELECT 'it''s', set_config('a.b', 'c', false)",
        "SELECT e'a\\\\', set_config('a.b', 'c', false)", "SELECT $1, set_config('a.b', 'c', false)",
    ])
    func quotesHideNothing(sql: String) {
        #expect(SessionEffect.classify(sql).effect != .none)
    }

    @Test(arguments: ["BEGIN", "COMMIT", "EXPLAIN SELECT 1", "", ";", "-- nothing"])
    func othersBorrowAConnection(sql: String) {
        #expect(!SessionEffect.classify(sql).isShareable)
    }
}
