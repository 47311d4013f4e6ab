/// The name of a prepared statement, as text for C: a `String` would be copied with every run.
struct StatementName: Sendable {
    private let characters: ContiguousArray<CChar>

    init(_ name: String) { characters = name.utf8CString }

    var text: String { withCString { $0.map { String(cString: $0) } ?? "" } }

    /// Calls the body with the text; valid until it returns.
    func withCString<Result>(_ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        characters.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}

/// Which statements a connection has prepared on its server, and in which format their columns are best fetched.
///
/// A statement is prepared when it is sent for the second time, in the same flight as its execution, so that it costs
/// no round trip; text that is made up for a single use costs the server nothing. The least recently used goes first.
struct StatementCache {
    /// What tells statements apart: the text and the types of the values bound to it.
    fileprivate struct Key: Hashable {
        let query: PostgresQuery

        static func == (left: Key, right: Key) -> Bool {
            left.query.sql == right.query.sql
                && left.query.binds.haveTypes(of: right.query.binds)
        }

        // The types are left to the comparison: few texts are run with different ones.
        func hash(into hasher: inout Hasher) { hasher.combine(query.sql) }
    }

    /// One statement of the cache, for as long as an exchange needs it.
    ///
    /// `@unchecked Sendable`: it is made, read and changed under the mutex of its connection only.
    final class Statement: @unchecked Sendable {
        fileprivate let key: Key
        /// What its text tells.
        let reading: SessionEffect.Reading
        /// The name it is prepared under, nil until that is asked of the server.
        fileprivate(set) var name: StatementName?
        /// Whether the server has said that it is prepared.
        fileprivate(set) var isOnServer = false
        /// Known after the first result.
        fileprivate(set) var fetchesBinary = false
        /// The columns in that format: the server refuses to run a prepared statement whose columns have changed.
        fileprivate(set) var columns: [ResultStorage.Column]?
        /// Whether its answers are worth looking for.
        var polling = PollingRecord()
        fileprivate var lastUse: UInt64
        /// How often all had been forgotten when it was made.
        fileprivate let epoch: UInt64

        fileprivate init(_ key: Key, lastUse: UInt64, epoch: UInt64) {
            self.key = key
            reading = SessionEffect.classify(key.query.sql)
            self.lastUse = lastUse
            self.epoch = epoch
        }

        /// Takes note of the columns of a result.
        func learn(_ columns: [ResultStorage.Column]) {
            guard self.columns == nil, !columns.isEmpty else { return }
            fetchesBinary = columns.allSatisfy { PostgresType.decodableInBinary.contains($0.type) }
            if columns.allSatisfy({ $0.isBinary == fetchesBinary }) { self.columns = columns }
        }
    }

    /// What to send for a statement.
    enum Step {
        /// Parse and run it without a name.
        case runUnnamed
        /// Prepare it under the name, then run it. The second name is one to deallocate.
        case prepareAndRun(StatementName, evicting: StatementName?)
        /// Run what was prepared under the name.
        case run(StatementName)
    }

    /// How a statement is sent.
    struct Plan {
        let step: Step
        /// The statement in the cache; nil when nothing is prepared here.
        let statement: Statement?

        /// Whether it runs under a name on the server.
        var isPrepared: Bool {
            if case .runUnnamed = step { false } else { true }
        }
    }

    /// How many statements are remembered; zero prepares nothing.
    private(set) var capacity: Int
    private var statements: [Key: Statement] = [:]
    private var clock: UInt64 = 0
    private var epoch: UInt64 = 0
    private var namesGiven: UInt64 = 0
    /// Names to deallocate with the next statement that is prepared.
    private var leftOver: [StatementName] = []
    /// Random, so that behind a pooler, where many clients share a server's connection, no client ever runs another's
    /// statement: it learns that its own is unknown instead.
    private let prefix = "pitwall_" + String(UInt64.random(in: 0...UInt64.max), radix: 36)

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Decides how the statement is sent, and takes it as sent so.
    mutating func plan(_ query: PostgresQuery) -> Plan {
        guard capacity > 0 else { return Plan(step: .runUnnamed, statement: nil) }
        clock += 1
        let key = Key(query: query)
        guard let statement = statements[key] else {
            if statements.count >= capacity { removeLeastRecentlyUsed() }
            let key = Key(query: query.withoutValues)
            let statement = Statement(key, lastUse: clock, epoch: epoch)
            statements[key] = statement
            return Plan(step: .runUnnamed, statement: statement)
        }
        statement.lastUse = clock
        if let name = statement.name { return Plan(step: .run(name), statement: statement) }
        namesGiven += 1
        let name = StatementName("\(prefix)_\(namesGiven)")
        statement.name = name
        return Plan(step: .prepareAndRun(name, evicting: leftOver.popLast()), statement: statement)
    }

    private mutating func removeLeastRecentlyUsed() {
        guard let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse })?.key else { return }
        guard let statement = statements.removeValue(forKey: oldest), statement.isOnServer else { return }
        if let name = statement.name { leftOver.append(name) }
    }

    /// The server has prepared it.
    mutating func confirm(_ statement: Statement) {
        statement.isOnServer = true
        // Forgotten while that was on its way, and not with all others.
        guard statement.epoch == epoch, statements[statement.key] !== statement else { return }
        if let name = statement.name { leftOver.append(name) }
    }

    /// Forgets one statement: its preparation failed or its plan went stale.
    ///
    /// Only what the server surely has is given back to it: giving back what is not there is an error, which would end the
    /// transaction of whoever runs the next statement.
    ///
    /// - Parameter isLost: whether the server has just said that it does not have it.
    mutating func forget(_ statement: Statement, isLost: Bool = false) {
        guard statements[statement.key] === statement else { return }
        statements[statement.key] = nil
        if statement.isOnServer, !isLost, let name = statement.name { leftOver.append(name) }
    }

    /// Prepares nothing any more: the server does not know what was prepared, so a pooler without support for it must be
    /// in between.
    mutating func disable() {
        removeAll()
        capacity = 0
    }

    /// How many names the server has, as far as it has answered.
    var namesOnServer: Int { statements.values.count(where: \.isOnServer) + leftOver.count }

    /// Forgets all: the server has discarded them.
    mutating func removeAll() {
        epoch += 1
        statements.removeAll()
        leftOver.removeAll()
    }
}
