import Testing

@testable import PostgresPool

@Suite struct SessionEffectTests {
    @Test(arguments: [
        "SELECT 1", "  select * from t", "/* SET x */ SELECT 1", "-- SET x\nINSERT INTO t VALUES ('SET into temp')",
        "WITH a AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM a", "UPDATE t SET a = 1", "VALUES (1)",
        "MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE",
    ])
    func plainQueriesMayShareAConnection(sql: String) {
        let (effect, isShareable) = SessionEffect.classify(sql)
        #expect(effect == .none)
        #expect(isShareable)
    }

    @Test(arguments: [
        "SET work_mem = '1GB'", "SELECT set_config('a.b', 'c', false)", "SELECT \"set_config\"('a.b', 'c', false)",
        "SELECT * INTO TEMP x FROM t", "SELECT 1 INTO x", "CREATE TEMPORARY TABLE x (a INT)", "LISTEN x",
        "PREPARE p AS SELECT 1", "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "DO $$ BEGIN SET a.b = 'c'; END $$",
        "SELECT pg_advisory_lock(1)", "SELECT pg_try_advisory_lock(1)", "CALL p()", "LOAD 'x'",
        "WITH a AS (SELECT 1) SELECT * INTO pg_temp.x FROM a", "RESET ALL", "DISCARD ALL",
    ])
    func statementsThatMayLeaveSomethingAreKnown(sql: String) {
        #expect(SessionEffect.classify(sql).effect == .possible)
        #expect(!SessionEffect.classify(sql).isShareable)
    }

    @Test(arguments: ["BEGIN", "COMMIT", "EXPLAIN SELECT 1", "", ";", "-- nothing"])
    func othersBorrowAConnection(sql: String) {
        #expect(!SessionEffect.classify(sql).isShareable)
    }
}
