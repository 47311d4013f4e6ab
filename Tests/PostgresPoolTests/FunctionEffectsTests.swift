import PostgresFixture
import Testing

@testable import PostgresPool

/// What functions and triggers leave in the session, which no statement's text shows.
@Suite(.timeLimit(.minutes(10))) struct FunctionEffectsTests {
    /// What is left: a setting, a temporary table, an advisory lock, a channel that is listened to.
    private static let look: PostgresQuery = """
        SELECT concat_ws(' ', CASE WHEN current_setting('work_mem') <> '4MB' THEN 'setting' END,
            CASE WHEN EXISTS (SELECT FROM pg_class WHERE relpersistence = 't'
                AND relnamespace = pg_my_temp_schema()) THEN 'table' END,
            CASE WHEN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
                THEN 'lock' END,
            CASE WHEN EXISTS (SELECT pg_listening_channels()) THEN 'channel' END)
        """

    /// Runs a statement three times on the only connection, and returns what the next borrower finds each time.
    private func left(
        _ statement: PostgresQuery, in pool: PostgresPool, shared: Bool
    ) async throws -> [String] {
        var found: [String] = []
        for _ in 0..<3 {
            if shared {
                try await pool.query(statement)
            } else {
                try await pool.withConnection { try await $0.query(statement) }
            }
            found.append(try await pool.withConnection { try await $0.query(Self.look)[0].decode(String.self) })
        }
        return found
    }

    private func function(_ name: String, _ body: String, language: String = "plpgsql") -> String {
        let body = language == "plpgsql" ? "BEGIN \(body); RETURN 1; END" : body
        return """
            CREATE SCHEMA IF NOT EXISTS effects;
            CREATE OR REPLACE FUNCTION effects.\(name)() RETURNS INT LANGUAGE \(language) AS $$ \(body) $$
            """
    }

    @Test(arguments: [
        ("a_setting", "PERFORM set_config('work_mem', '9MB', false)"), ("a_set", "SET work_mem = '9MB'"),
        ("a_table", "CREATE TEMP TABLE IF NOT EXISTS left_over (a INT)"),
        ("a_lock", "PERFORM pg_advisory_lock_shared(816)"),
        ("a_channel", "LISTEN left_over"), ("a_text", "EXECUTE 'SET work' || '_mem = 9000'"),
        ("two", "CREATE TABLE IF NOT EXISTS effects.t (a INT); UPDATE effects.t SET a = 1; SET work_mem = '9MB'"),
    ])
    func whatAFunctionLeavesIsUndone(name: String, body: String) async throws {
        try await SharedServer.psql(function(name, body))
        for shared in [false, true] {
            try await withPool(name: "\(#function) \(name) \(shared)", .with { $0.maximumConnections = 1 }) { pool in
                let statement = PostgresQuery(trusted: "SELECT effects.\(name)()")
                let found = try await left(statement, in: pool, shared: shared)
                #expect(found == ["", "", ""], "shared: \(shared)")
                #expect(pool.statistics.counts.created == 1)
            }
        }
    }

    @Test func whatAFunctionLeavesThatAnotherCallsIsUndone() async throws {
        try await SharedServer.psql(function("inner_one", "PERFORM set_config('work_mem', '9MB', false)"))
        try await SharedServer.psql(function("Middle", "SELECT effects.inner_one ()", language: "sql"))
        try await SharedServer.psql(
            """
            CREATE OR REPLACE FUNCTION effects.outer_one() RETURNS INT LANGUAGE sql BEGIN ATOMIC
            SELECT effects.middle(); END
            """)
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let found = try await left(#"SELECT "effects"."outer_one"()"#, in: pool, shared: true)
            #expect(found == ["", "", ""])
        }
    }

    @Test func whatATriggerLeavesIsUndone() async throws {
        try await SharedServer.psql(
            """
            CREATE SCHEMA IF NOT EXISTS effects; CREATE TABLE effects.watched (id BIGINT);
            CREATE FUNCTION effects.on_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
            BEGIN PERFORM set_config('work_mem', '9MB', false); RETURN NEW; END $$;
            CREATE TRIGGER watch BEFORE INSERT OR UPDATE ON effects.watched
            FOR EACH ROW EXECUTE FUNCTION effects.on_change()
            """)
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            for statement: PostgresQuery in [
                "INSERT INTO effects.watched (id) VALUES (1)", "UPDATE effects.watched SET id = 2",
                "WITH new AS (INSERT INTO effects.watched VALUES (3) RETURNING id) SELECT * FROM new",
            ] {
                let found = try await left(statement, in: pool, shared: true)
                #expect(found == ["", "", ""])
            }
            // A COPY names its table as it stands in the search path.
            try await pool.withConnection { connection in
                try await connection.query("SET search_path = effects")
                try await connection.copyIn("watched", columns: ["id"]) { try await $0.write(4) }
            }
        }
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await SharedServer.psql("ALTER TABLE effects.watched SET SCHEMA public")
            try await pool.withConnection { connection in
                _ = try await connection.copyIn("watched", columns: ["id"]) { try await $0.write(4) }
            }
            let found = try await pool.withConnection { try await $0.query(Self.look)[0].decode(String.self) }
            #expect(found == "")
        }
    }

    @Test func aFunctionThatLeavesWhatNoResetUndoesEndsItsSession() async throws {
        try await SharedServer.psql(function("seed", "PERFORM setseed(0.5)"))
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            for count in 1...3 {
                try await pool.query("SELECT effects.seed()")
                try await pool.query("SELECT 1")
                #expect(pool.statistics.counts.closed == [.unclean: count])
            }
        }
    }

    /// Reads and changes by function, with harmless bodies, share connections once they are known, and no reset is paid for.
    @Test func harmlessFunctionsCostOneLookEach() async throws {
        try await SharedServer.psql(
            """
            CREATE SCHEMA IF NOT EXISTS effects; CREATE TABLE effects.orders (id BIGINT, at TIMESTAMPTZ);
            CREATE FUNCTION effects.stamp() RETURNS TRIGGER LANGUAGE plpgsql AS $$
            BEGIN NEW.at := now(); RETURN NEW; END $$;
            CREATE TRIGGER stamp BEFORE INSERT ON effects.orders FOR EACH ROW EXECUTE FUNCTION effects.stamp();
            CREATE FUNCTION effects.order_one(number BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
            DECLARE made BIGINT;
            BEGIN
                INSERT INTO effects.orders AS o (id) VALUES (number) RETURNING id INTO STRICT made;
                UPDATE effects.orders SET at = now() WHERE id = made;
                SET LOCAL work_mem = '9MB';
                RETURN made;
            END $$;
            """)
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            for _ in 0..<3 { try await pool.query("SELECT effects.order_one(\(1))") }
            let effect = pool.functions.effect(of: SessionEffect.classify("SELECT effects.order_one($1)"))
            #expect(effect == .none)
            #expect(SessionEffect.classify("SELECT effects.order_one($1)").isShareable)
            // A reset would have discarded it.
            let prepared = try await pool.query(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%order_one($1)'")[0].decode(Int.self)
            #expect(prepared == 1)
        }
    }

    @Test func aFunctionThatIsDefinedAnewIsLookedAtAgain() async throws {
        try await SharedServer.psql(function("changing", "PERFORM 1"))
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            var found = try await left("SELECT effects.changing()", in: pool, shared: true)
            #expect(found == ["", "", ""])
            let change = function("changing", "SET work_mem = '9MB'").split(separator: ";\n")[1]
            try await pool.query(PostgresQuery(trusted: String(change)))
            found = try await left("SELECT effects.changing()", in: pool, shared: true)
            #expect(found == ["", "", ""])
        }
    }

    @Test func whatOthersMayHaveChangedIsForgottenInTime() async throws {
        let (effects, start) = (FunctionEffects(), MonotonicTime.now)
        let reading = SessionEffect.classify("SELECT forgotten_in_time()")
        try await withPool { pool in
            try await pool.withConnection { connection in
                _ = try await effects.look(at: ["forgotten_in_time"]) { try await connection.query($0) }
            }
        }
        effects.forgetWhatIsOld(now: start + 50 * .second)
        #expect(effects.effect(of: reading) == .none)
        effects.forgetWhatIsOld(now: start + 3_600 * .second)
        #expect(effects.effect(of: reading) == .unseen)
    }

    /// A view hides what it calls: who has such asks for a reset each time.
    @Test(arguments: [false, true])
    func whatAViewLeavesIsUndoneOnRequest(resetsAlways: Bool) async throws {
        try await SharedServer.psql(function("behind_\(resetsAlways)", "SET work_mem = '9MB'"))
        try await SharedServer.psql(
            "CREATE VIEW effects.view_\(resetsAlways) AS SELECT effects.behind_\(resetsAlways)() AS a")
        try await withPool(
            .with {
                $0.maximumConnections = 1
                $0.resetsAlways = resetsAlways
            }
        ) { pool in
            let statement = PostgresQuery(trusted: "SELECT * FROM effects.view_\(resetsAlways)")
            for shared in [false, true] {
                let found = try await left(statement, in: pool, shared: shared)
                #expect(found == Array(repeating: resetsAlways ? "" : "setting", count: 3), "shared: \(shared)")
            }
            #expect(pool.statistics.counts.created == 1)
        }
    }

    // MARK: What texts tell

    @Test(arguments: [
        ("SELECT 1", []), ("SELECT count(*), coalesce(max(a), 1) FROM t WHERE a IN (1, 2)", []),
        ("SELECT my_func(1)", ["my_func"]), ("SELECT app.count (1)", ["count"]), ("SELECT f/* ( */ -- x\n (1)", ["f"]),
        ("INSERT INTO app.t (a, b) VALUES (lower($1), g($2))", ["t", "g"]), (#"SELECT "Odd"(1)"#, ["odd"]),
        ("UPDATE ONLY t SET a = f(a)", ["t", "f"]), ("DELETE FROM s.t USING u", ["t"]),
        ("INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1", ["t"]),
        ("MERGE INTO t USING u ON true WHEN MATCHED THEN UPDATE SET a = 1", ["t"]),
        ("SELECT 1 FROM t FOR UPDATE OF t", []), ("SELECT 'f(1)', $$g(1)$$", []),
    ])
    func namesAreFound(sql: String, names: [String]) {
        #expect(SessionEffect.classify(sql).names?.names ?? [] == Set(names))
    }

    @Test func whatAStatementDoesItselfIsNotLookedAt() {
        #expect(SessionEffect.classify("SELECT f(set_config('a.b', 'c', false))").names == nil)
    }

    @Test(arguments: [
        "SELECT 1", "BEGIN UPDATE t SET a = 1; END", "BEGIN SET LOCAL work_mem = 1; END", "BEGIN NEW.set := 1; END",
        "INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2", "PERFORM pg_advisory_xact_lock(1)",
        "-- SET x\nSELECT 'SET x'",
    ])
    func harmlessSourcesAreKnown(source: String) {
        #expect(SessionEffect.read(source: source).effect == .none)
    }

    @Test func aTimeoutThatASourceSetsIsKnown() {
        #expect(SessionEffect.read(source: "BEGIN SET statement_timeout = 0; END").effect.contains(.statementTimeout))
    }
}
