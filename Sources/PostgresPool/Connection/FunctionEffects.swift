import Synchronization

/// What the functions of a database's users leave in the session, and the triggers of its tables, which no statement's text
/// shows: settings, temporary tables, advisory locks.
///
/// The server is asked for the source of a function when a name comes up for the first time, as the connection is made
/// clean: so it costs one round trip a name, not one a call. The source is read as a statement's text is, together with
/// those that it calls. What runs a text of its own making (`EXECUTE`), or is in a language that cannot be read here and
/// not declared `STABLE` or `IMMUTABLE`, counts as leaving something. The server's own functions and those of extensions
/// are trusted; the few that leave something are known by name.
///
/// All is asked anew after a statement of the pool's that may define something, and when a connection is made a minute or
/// more after the last time: its lifetime sees to that. Not seen are functions behind views, operators, casts, defaults and policies.
final class FunctionEffects: Sendable {
    /// The names in a statement's text, and for whom they are known to be harmless, so that a statement that is run often
    /// takes no lock.
    final class Names: Sendable {
        let names: Set<String>
        fileprivate let harmlessSince = Atomic<UInt64>(0)

        init(_ names: Set<String>) { self.names = names }
    }

    private struct State {
        var known: [String: SessionEffect] = [:]
        /// Whether the server cannot say: no Postgres, but something that speaks its protocol.
        var isUnknowable = false
        var forgottenAt = MonotonicTime.now
    }

    private let state = Mutex(State())
    /// Of all pools no two have the same, and one that has forgotten has another.
    private let epoch = Atomic<UInt64>(FunctionEffects.nextEpoch())
    private static let mostKnown = 10_000
    /// A minute, in nanoseconds.
    private static let lastingTime: UInt64 = 60_000_000_000
    private static let lastEpoch = Atomic<UInt64>(0)
    private static func nextEpoch() -> UInt64 { lastEpoch.add(1, ordering: .relaxed).newValue }

    /// What a statement may leave in the session, with what is known of the functions that it calls.
    func effect(of reading: SessionEffect.Reading) -> SessionEffect {
        guard let names = reading.names else { return reading.effect }
        let epoch = epoch.load(ordering: .relaxed)
        if names.harmlessSince.load(ordering: .relaxed) == epoch { return reading.effect }
        let effect = state.withLock { state in
            if state.isUnknowable { return SessionEffect.none }
            return names.names.reduce(into: SessionEffect.none) { $0.formUnion(state.known[$1] ?? .unseen) }
        }
        if effect == .none { names.harmlessSince.store(epoch, ordering: .relaxed) }
        return reading.effect.union(effect)
    }

    /// Forgets all.
    func forget(now: UInt64 = MonotonicTime.now) {
        state.withLock { state in
            state.known.removeAll()
            state.forgottenAt = now
        }
        epoch.store(Self.nextEpoch(), ordering: .relaxed)
    }

    /// Forgets what may have been changed by others meanwhile. Not with every connection: when a pool grows in a burst, all
    /// would be asked anew each time.
    func forgetWhatIsOld(now: UInt64 = MonotonicTime.now) {
        guard now.elapsed(since: state.withLock { $0.forgottenAt }) >= Self.lastingTime else { return }
        forget(now: now)
    }

    /// Finds out what functions and triggers leave in the session.
    ///
    /// - Parameters:
    ///   - names: of functions and tables, in lower case.
    ///   - run: runs a statement on a connection in no transaction.
    func look(
        at names: Set<String>, _ run: (PostgresQuery) async throws -> PostgresResult
    ) async throws -> SessionEffect {
        let began = epoch.load(ordering: .relaxed)
        var effects: SessionEffect = .none
        for name in names {
            // Another who called it may have looked meanwhile.
            if let known = state.withLock({ $0.known[name] }) {
                effects.formUnion(known)
                continue
            }
            let found: SessionEffect
            do {
                found = try await look(at: name, run)
            } catch let error as PostgresError where error.serverError?.sqlState.hasPrefix("42") == true {
                state.withLock { $0.isUnknowable = true }
                return effects
            }
            effects.formUnion(found)
            state.withLock { state in
                guard epoch.load(ordering: .relaxed) == began else { return }
                // A program that makes names up would fill the memory.
                if state.known.count >= Self.mostKnown { state.known.removeAll() }
                state.known[name] = found
            }
        }
        return effects
    }

    /// Looks at one name and at all that is called from there, a step a round trip.
    private func look(
        at name: String, _ run: (PostgresQuery) async throws -> PostgresResult
    ) async throws -> SessionEffect {
        var (effect, seen, next) = (SessionEffect.none, Set<String>(), Set([name]))
        while !next.isEmpty {
            seen.formUnion(next)
            var called: Set<String> = []
            for row in try await run(Self.sources(of: next)) {
                let (language, isVolatile, text) = try row.decode(String.self, Bool.self, String.self)
                switch language {
                case "sql", "plpgsql", "internal":
                    let source = SessionEffect.read(source: text)
                    effect.formUnion(source.effect)
                    called.formUnion(source.names)
                default:
                    if isVolatile { effect.insert(.session) }
                }
            }
            // Found to leave something, it may still leave what no reset undoes, which those that it calls would tell.
            next = called.subtracting(seen)
        }
        return effect
    }

    /// The language, whether it may change something, and the source of each function that has one of the names, or that a
    /// trigger of a table with one of the names runs. Bodies of SQL's own kind (`BEGIN ATOMIC`) are kept parsed.
    private static func sources(of names: Set<String>) -> PostgresQuery {
        """
        WITH named AS (
            SELECT p.oid FROM pg_catalog.pg_proc p
            WHERE pg_catalog.lower(p.proname::text COLLATE "C") = ANY (\(Array(names)))
            UNION
            SELECT t.tgfoid FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND pg_catalog.lower(c.relname::text COLLATE "C") = ANY (\(Array(names)))
        )
        SELECT l.lanname::text, p.provolatile = 'v', CASE
            WHEN p.prosrc = '' AND p.prokind IN ('f', 'p') THEN pg_catalog.pg_get_functiondef(p.oid)
            ELSE p.prosrc END
        FROM named JOIN pg_catalog.pg_proc p USING (oid) JOIN pg_catalog.pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
        """
    }
}
