import PostgresFixture
import Synchronization
import Testing

@testable import PostgresPool

/// Its own timeout and another's cancel end a statement with one code (57014) and, by language, different words. The
/// servers of these tests speak English, so functions say it in German.
@Suite(.timeLimit(.minutes(10))) struct ServerLanguageTests {
    /// Runs a statement as if a cancel meant for another were on its way all the time.
    private func whileCancelling(
        _ statement: PostgresQuery, in pool: PostgresPool
    ) async throws -> Result<PostgresResult, any Error> {
        try await pool.withConnection { connection in
            connection.physical.state.withLock { $0.cancelRequests += 1 }
            defer { connection.physical.state.withLock { $0.cancelRequests -= 1 } }
            do { return .success(try await connection.query(statement)) } catch { return .failure(error) }
        }
    }

    @Test func aStatementAtTheEndOfItsTimeIsNotSentAgain() async throws {
        try await SharedServer.psql(
            """
            CREATE SEQUENCE timed_runs;
            CREATE FUNCTION time_out_in_german() RETURNS INT LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM nextval('timed_runs'), pg_sleep(600);
            EXCEPTION WHEN query_canceled THEN
                RAISE 'storniere Anfrage wegen Zeitüberschreitung der Anfrage' USING ERRCODE = 'query_canceled';
            END $$
            """)
        try await withPool(.with { $0.statementTimeout = "200ms" }) { pool in
            let outcome = try await whileCancelling("SELECT time_out_in_german()", in: pool)
            #expect(throws: PostgresError.self) { try outcome.get() }
        }
        #expect(try await SharedServer.psql("SELECT last_value FROM timed_runs") == "1")
    }

    @Test func aStatementHitByAnothersCancelIsSentAgain() async throws {
        try await SharedServer.psql(
            """
            CREATE SEQUENCE cancelled_runs;
            CREATE FUNCTION cancel_in_german() RETURNS INT LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('cancelled_runs') < 3 THEN
                    RAISE 'storniere Anfrage wegen Benutzeraufforderung' USING ERRCODE = 'query_canceled';
                END IF;
                RETURN 1;
            END $$
            """)
        try await withPool { pool in
            let outcome = try await whileCancelling("SELECT cancel_in_german()", in: pool)
            #expect(try outcome.get()[0].decode(Int.self) == 1)
        }
    }

    /// However long it took, where the words are known.
    @Test func wordsThatAreKnownCountMoreThanTime() async throws {
        try await SharedServer.psql(
            """
            CREATE SEQUENCE slow_runs;
            CREATE FUNCTION cancel_late() RETURNS INT LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('slow_runs') < 2 THEN
                    BEGIN
                        PERFORM pg_sleep(600);
                    EXCEPTION WHEN query_canceled THEN
                        RAISE 'canceling statement due to user request' USING ERRCODE = 'query_canceled';
                    END;
                END IF;
                RETURN 1;
            END $$
            """)
        try await withPool(.with { $0.statementTimeout = "200ms" }) { pool in
            let outcome = try await whileCancelling("SELECT cancel_late()", in: pool)
            #expect(try outcome.get()[0].decode(Int.self) == 1)
        }
    }
}
