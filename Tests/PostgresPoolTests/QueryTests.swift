import Foundation
import PostgresFixture
import Synchronization
import Testing

@testable import PostgresPool

@Suite(.timeLimit(.minutes(10))) struct QueryTests {
    @Test func bindsWhatIsInterpolated() {
        let query: PostgresQuery = "SELECT \(1), \("x'; DROP TABLE t; --"), \(Int?.none) FROM \(identifier: "we\"ird")"
        #expect(query.sql == "SELECT $1, $2, $3 FROM \"we\"\"ird\"")
    }

    @Test func readsWhatItBinds() async throws {
        try await withPool { pool in
            let date = Date(timeIntervalSince1970: 1_763_906_709.25)
            let id = UUID()
            let data = Data([0, 1, 255])
            // Twice unprepared and prepared: text and binary formats have to agree.
            for _ in 0..<4 {
                let rows = try await pool.query(
                    "SELECT \(42), \(Int32(-7)), \(2.5), \("zwölf 'quoted'")::text, \(true), \(date), \(id), \(data), \(String?.none)::text"
                )
                let row = try rows[0].decode(
                    Int.self, Int32.self, Double.self, String.self, Bool.self, Date.self, UUID.self, Data.self,
                    String?.self
                )
                #expect(row.0 == 42)
                #expect(row.1 == -7)
                #expect(row.2 == 2.5)
                #expect(row.3 == "zwölf 'quoted'")
                #expect(row.4)
                #expect(row.5 == date)
                #expect(row.6 == id)
                #expect(row.7 == data)
                #expect(row.8 == nil)
            }
        }
    }

    /// What the first run of a statement gets is text, in a style that a database or a role may choose; with a pooler that
    /// takes no start-up options, too.
    @Test(arguments: [false, true])
    func readsValuesWhateverStyleTheDatabasePrefers(behindPooler: Bool) async throws {
        let port = try await SharedServer.port()
        let database = "styled_\(behindPooler)"
        try await SharedServer.psql("CREATE DATABASE \(database)")
        try await SharedServer.psql(
            "ALTER DATABASE \(database) SET bytea_output = 'escape'; ALTER DATABASE \(database) SET datestyle = 'German'"
        )
        let read: @Sendable (Int) async throws -> Void = { port in
            try await withPool(url: "postgres://postgres@127.0.0.1:\(port)/\(database)") { pool in
                for _ in 0..<3 {
                    let (data, date) = try await pool.query(
                        "SELECT '\\x00ff41'::bytea, '2026-11-28 12:00:00.5+00'::timestamptz")[0].decode(
                            Data.self, Date.self)
                    #expect(data == Data([0, 0xFF, 0x41]))
                    #expect(date == Date(timeIntervalSince1970: 1_795_867_200.5))
                }
            }
        }
        if behindPooler {
            try await ThrowawayPgBouncer.with(server: port) { try await read($0.port) }
        } else {
            try await read(port)
        }
    }

    @Test func bindsArrays() async throws {
        try await withPool { pool in
            let names = ["a", "b\"c", ""]
            let numbers = [3, 1, 2]
            let rows = try await pool.query(
                "SELECT name, number FROM unnest(\(names), \(numbers)) AS t (name, number) ORDER BY number"
            )
            let ordered = try rows.map { try $0.decode(String.self, Int.self).0 }
            #expect(ordered == ["b\"c", "", "a"])
            let none = try await pool.query("SELECT cardinality(\([Int]()))")
            #expect(try none[0].decode(Int.self) == 0)
        }
    }

    @Test func readsArrays() async throws {
        try await withPool { pool in
            let (names, numbers) = (["a", "b\"c", "", "d,e", "{f}", "g\\h", "NULL", "ü"], [3, -1, Int.max])
            let (date, data) = (Date(timeIntervalSince1970: 1_763_906_709.25), Data([0, 1, 255]))
            // Unprepared and prepared.
            for _ in 0..<3 {
                let bound = try await pool.query("SELECT \(names), \(numbers), \([date]), \([data]), \([true, false])")[
                    0
                ]
                .decode([String].self, [Int].self, [Date].self, [Data].self, [Bool].self)
                #expect(bound == (names, numbers, [date], [data], [true, false]))
                let other = try await pool.query(
                    """
                    SELECT '{}'::int[], '{1,NULL}'::int[], '[0:1]={5,6}'::int[], ARRAY[[1,2],[3,4]], '{1.5}'::numeric[],
                        ARRAY[ARRAY['a,"}','b'], ARRAY['{',NULL]]
                    """)[0].decode([Int].self, [Int?].self, [Int].self, [[Int]].self, [Double].self, [[String?]].self)
                #expect(other == ([], [1, nil], [5, 6], [[1, 2], [3, 4]], [1.5], [["a,\"}", "b"], ["{", nil]]))
            }
            let row = try await pool.query("SELECT '{1,NULL}'::int[], 'no array'")[0]
            #expect(throws: PostgresDecodingError.self) { try row.decode([Int].self) }
            #expect(throws: PostgresDecodingError.self) { try row.decode([Int?].self, [String].self) }
        }
    }

    @Test func nestsStatements() async throws {
        let part: PostgresQuery = "a = \(1) AND b = '$1' AND c = \(2)"
        let whole: PostgresQuery = "SELECT \(0) WHERE \(part) OR d = \(3)"
        #expect(whole.sql == "SELECT $1 WHERE a = $2 AND b = '$1' AND c = $3 OR d = $4")
    }

    /// What looks like a placeholder and is none, and what stands behind it.
    @Test(arguments: [
        ("tab$1", "tab$1"), ("$x$ $1 $x$, $1", "$x$ $1 $x$, $2"), ("E'\\' $1', $1", "E'\\' $1', $2"),
        ("/* it's $1 */ $1", "/* it's $1 */ $2"), ("-- it's $1\n$1", "-- it's $1\n$2"),
        ("\"é'$1\", $1", "\"é'$1\", $2"),
        ("$1+$12", "$2+$13"), ("'it''s $1', $1", "'it''s $1', $2"), ("$$ $1 $$", "$$ $1 $$"),
        ("E'a''\\' $1', $1", "E'a''\\' $1', $2"),
    ])
    func numbersOnlyPlaceholdersOn(text: String, expected: String) {
        var part = PostgresQuery(trusted: text)
        part.bind(2)
        let whole: PostgresQuery = "SELECT \(1), \(part)"
        #expect(whole.sql == "SELECT $1, " + expected)
    }

    /// libpq or the server would refuse them in a way that looks like a broken link.
    @Test func refusesWhatNoServerCanTakeBeforeItIsSent() async throws {
        var many = PostgresQuery(trusted: "SELECT 1")
        for number in 0..<65_536 { many.bind(number) }
        let cut = PostgresQuery(trusted: "SELECT 1 \0 FROM nowhere")
        let tooMany = many
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.query("SELECT 1")
            for query in [tooMany, cut] {
                func isRefused(_ body: () async throws -> Void) async {
                    await #expect {
                        try await body()
                    } throws: {
                        guard case PostgresError.misuse = $0 else { return false }
                        return true
                    }
                }
                await isRefused { try await pool.query(query) }
                try await pool.withConnection { connection in
                    await isRefused { try await connection.query(query) }
                    await isRefused { for try await _ in connection.stream(query) {} }
                }
            }
            let counts = pool.statistics.counts
            #expect(counts.created == 1)
            #expect(counts.closed.isEmpty)
        }
    }

    @Test func bindsAsManyValuesAsTheProtocolCounts() async throws {
        var query = PostgresQuery(trusted: "SELECT cardinality(ARRAY[")
        query.sql += (0..<65_535).map { query.bind($0) }.joined(separator: ",") + "])"
        let most = query
        try await withPool { pool in
            let count = try await pool.query(most)[0].decode(Int.self)
            #expect(count == 65_535)
        }
    }

    @Test func refusesTextWithNul() async throws {
        try await withPool { pool in
            let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT \("a\0b")") }
            #expect(error?.serverError?.sqlState == "22021")
        }
    }

    @Test func namesColumnAndTypeThatCannotBeRead() async throws {
        try await withPool { pool in
            let row = try await pool.query("SELECT 1 AS one, NULL AS nothing")[0]
            #expect {
                try row.decode("two", as: Int.self)
            } throws: {
                "\($0)" == "cannot decode column \"two\": there is no such column; the result has one, nothing"
            }
            #expect {
                try row.decode(Int.self, Int.self)
            } throws: {
                "\($0)" == "cannot decode column \"nothing\": it is NULL; read it as Int?"
            }
            #expect {
                try row.decode(Date.self)
            } throws: {
                "\($0)" == "cannot decode column \"one\": a column of type integer cannot be read as Date"
            }
        }
    }

    @Test(arguments: [
        ("2026-11-23 14:05:09.25+05:30", 1_795_422_909.25), ("2000-02-29 00:00:00+00", 951_782_400),
        ("1969-12-31 23:59:59.5-01", 3599.5), ("0001-01-01 00:00:00+00 BC", -62_167_219_200),
    ])
    func readsTimestampsAsText(text: String, seconds: Double) async throws {
        try await withPool { pool in
            let query = PostgresQuery(
                trusted: "SELECT TIMESTAMPTZ '\(text)', extract(epoch FROM TIMESTAMPTZ '\(text)')")
            let (date, epoch) = try await pool.query(query)[0].decode(Date.self, Double.self)
            #expect(date.timeIntervalSince1970 == epoch)
        }
    }

    @Test func streamsRowsOneByOne() async throws {
        try await withPool { pool in
            let sum = try await pool.withConnection { connection in
                var sum = 0
                for try await row in connection.stream("SELECT generate_series(1, \(10_000))") {
                    sum += try row.decode(Int.self)
                }
                return sum
            }
            #expect(sum == 50_005_000)
        }
    }

    /// Nobody asks for the second row: the server's socket fills up, and it waits. (It makes all numbers before the first row.)
    @Test func aSlowReaderSlowsTheServerDown() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                var rows = connection.stream("SELECT repeat('x', 1000) FROM generate_series(1, 100000)")
                    .makeAsyncIterator()
                _ = try await rows.next()
                try await SharedServer.waitUntil(
                    "(SELECT wait_event FROM pg_stat_activity WHERE pid = \(connection.serverProcess)) = 'ClientWrite'")
                let next = try await rows.next()
                #expect(next != nil)
            }
        }
    }

    @Test func keepsAsManyStatementsPreparedAsItIsTold() async throws {
        for capacity in [0, 2] {
            try await withPool(.with { ($0.maximumConnections, $0.statementCacheCapacity) = (1, capacity) }) { pool in
                for _ in 0..<4 {
                    for number in 0..<5 { try await pool.query(PostgresQuery(trusted: "SELECT \(number) AS kept")) }
                    // The one just used is known, whichever it is.
                    for _ in 0..<3 { try await pool.query("SELECT 6 AS kept") }
                }
                let prepared = try await pool.query(
                    "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT % AS kept'")[0]
                    .decode(Int.self)
                #expect(capacity == 0 ? prepared == 0 : (1...capacity).contains(prepared))
            }
        }
    }

    @Test func copiesIn() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE copied (id BIGINT, name TEXT, at TIMESTAMPTZ)")
            let count = try await pool.withConnection { connection in
                try await connection.copyIn("copied", columns: ["id", "name", "at"]) { writer in
                    for id in 0..<20_000 { try await writer.write(id, id % 2 == 0 ? "even" : nil, Date()) }
                }
            }
            #expect(count == 20_000)
            #expect(try await pool.query("SELECT count(name) FROM copied")[0].decode(Int.self) == 10_000)
        }
    }

    /// More than one piece, and much more than a socket holds.
    @Test func copiesLargeValuesIn() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE copied_large (name TEXT)")
            let text = String(repeating: "ä", count: 3_000_001)
            let count = try await pool.withConnection { connection in
                try await connection.copyIn("copied_large", columns: ["name"]) { writer in
                    for _ in 0..<3 { try await writer.write(text) }
                }
            }
            #expect(count == 3)
            let sizes = try await pool.query("SELECT count(*) FROM copied_large WHERE name = \(text)")[0].decode(
                Int.self)
            #expect(sizes == 3)
        }
    }

    @Test func dropsACopyWhoseBodyThrows() async throws {
        struct Stop: Error {}
        try await withPool { pool in
            try await pool.query("CREATE TABLE half_copied (id BIGINT)")
            try await pool.withConnection { connection in
                await #expect(throws: Stop.self) {
                    try await connection.copyIn("half_copied", columns: ["id"]) { writer in
                        try await writer.write(1)
                        throw Stop()
                    }
                }
                let count = try await connection.query("SELECT count(*) FROM half_copied")[0].decode(Int.self)
                #expect(count == 0)
            }
        }
    }

    @Test func hearsNotifications() async throws {
        try await withPool { pool in
            try await pool.withNotifications(of: "permits \"new\"") { notifications in
                try await pool.query("SELECT pg_notify('permits \"new\"', 'first')")
                var iterator = notifications.makeAsyncIterator()
                let notification = try await iterator.next()
                #expect(notification?.payload == "first")
                #expect(notification?.channel == "permits \"new\"")
            }
        }
    }

    @Test func hearsOnlyTheChannelListenedTo() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                let first = try await connection.listen(to: "first")
                let second = try await connection.listen(to: "second")
                try await connection.query("SELECT pg_notify('second', '2'), pg_notify('first', '1')")
                var (ofFirst, ofSecond) = (first.makeAsyncIterator(), second.makeAsyncIterator())
                #expect(try await ofFirst.next()?.payload == "1")
                #expect(try await ofSecond.next()?.payload == "2")
            }
        }
    }

    @Test func refusesAChannelThatTheServerWouldCutOff() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                let longest = String(repeating: "é", count: 31)
                let notifications = try await connection.listen(to: longest)
                await #expect(throws: PostgresError.self) { try await connection.listen(to: longest + "ab") }
                try await connection.query("SELECT pg_notify(\(longest), 'here')")
                var iterator = notifications.makeAsyncIterator()
                #expect(try await iterator.next()?.payload == "here")
            }
        }
    }

    /// Nobody would ever end the stream of a channel that is not listened to.
    @Test func aListenerThatCouldNotListenIsForgotten() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                try await connection.query("BEGIN")
                await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1 / 0") }
                await #expect(throws: PostgresError.self) { try await connection.listen(to: "here") }
                #expect(connection.physical.state.withLock { $0.listeners.isEmpty })
                try await connection.query("ROLLBACK")
            }
        }
    }

    /// Each row is more than a socket holds and goes out in several pieces.
    @Test func copiesInFromSeveralTasks() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE copied_by_many (name TEXT)")
            let count = try await pool.withConnection { connection in
                try await connection.copyIn("copied_by_many", columns: ["name"]) { writer in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for digit in 0..<8 {
                            let text = String(repeating: "\(digit)", count: 1_500_000)
                            group.addTask { for _ in 0..<4 { try await writer.write(text) } }
                        }
                        try await group.waitForAll()
                    }
                }
            }
            #expect(count == 32)
            let whole = try await pool.query(
                "SELECT count(*) FROM copied_by_many WHERE name = repeat(left(name, 1), 1500000)")[0].decode(Int.self)
            #expect(whole == 32)
        }
    }

    /// A child task that is cancelled may leave half a row, and takes rows of others with it.
    @Test func dropsACopyThatRowsAreMissingFrom() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE copied_with_gaps (name TEXT)")
            try await pool.withConnection { connection in
                await #expect(throws: CancellationError.self) {
                    try await connection.copyIn("copied_with_gaps", columns: ["name"]) { writer in
                        try await writer.write("before")
                        let child = Task { try await writer.write(String(repeating: "x", count: 100_000)) }
                        child.cancel()
                        _ = await child.result
                    }
                }
                let count = try await connection.query("SELECT count(*) FROM copied_with_gaps")[0].decode(Int.self)
                #expect(count == 0)
            }
        }
    }

    /// The server then waits for data, or sends some that nobody reads: the connection cannot be used on.
    @Test func refusesACopyThatIsNoneOfItsOwn() async throws {
        try await withPool(.with { $0.maximumConnections = 2 }) { pool in
            try await pool.query("CREATE TABLE copied_wrongly (id BIGINT)")
            func isRefused(_ body: () async throws -> Void) async {
                await #expect {
                    try await body()
                } throws: { error in
                    guard case PostgresError.misuse(let text) = error else { return false }
                    return text.contains("copyIn")
                }
            }
            let queries: [PostgresQuery] = ["COPY copied_wrongly TO STDOUT", "COPY copied_wrongly FROM STDIN"]
            try await pool.withConnection { other in
                for query in queries {
                    await isRefused { try await pool.query(query) }
                    await isRefused { try await pool.withConnection { for try await _ in $0.stream(query) {} } }
                }
                try await other.query("SELECT 1")
            }
            #expect(pool.statistics.counts.closed[.generation] == nil)
        }
    }
}
