/// Which statements a connection has prepared on its server, and in which format their columns are best fetched.
///
/// A statement is prepared when it is sent for the second time, in the same flight as its execution, so that it costs
/// no round trip; text that is made up for a single use costs the server nothing. The least recently used goes first.
struct StatementCache {
    struct Key: Hashable {
        let sql: String
        let types: [UInt32]
    }

    struct Entry {
        /// The name on the server, nil until prepared.
        var name: String?
        /// Known after the first result.
        var fetchesBinary = false
        /// The columns in that format: the server refuses to run a prepared statement whose columns have changed.
        var columns: [ResultStorage.Column]?
        var lastUse: UInt64 = 0
    }

    /// What to send for a statement.
    enum Plan {
        /// Parse and run it without a name.
        case unnamed
        /// Prepare it under the name, then run it. The second name is one to deallocate.
        case prepare(String, evicting: String?)
        /// Run what was prepared.
        case prepared(String, fetchesBinary: Bool, columns: [ResultStorage.Column]?)
    }

    /// How many statements are remembered; zero prepares nothing.
    private(set) var capacity: Int
    private var entries: [Key: Entry] = [:]
    private var clock: UInt64 = 0
    private var namesGiven: UInt64 = 0
    /// Random, so that behind a pooler, where many clients share a server's connection, no client ever runs another's
    /// statement: it learns that its own is unknown instead.
    private let prefix = "pitwall_" + String(UInt64.random(in: 0...UInt64.max), radix: 36)

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Decides how the statement is sent, and takes it as sent so.
    mutating func plan(_ key: Key) -> Plan {
        guard capacity > 0 else { return .unnamed }
        clock += 1
        guard var entry = entries[key] else {
            let evicted = entries.count >= capacity ? removeLeastRecentlyUsed() : nil
            entries[key] = Entry(lastUse: clock)
            // The evicted name is deallocated with the next statement that is prepared.
            if let evicted { leftOver.append(evicted) }
            return .unnamed
        }
        entry.lastUse = clock
        defer { entries[key] = entry }
        if let name = entry.name { return .prepared(name, fetchesBinary: entry.fetchesBinary, columns: entry.columns) }
        namesGiven += 1
        let name = "\(prefix)_\(namesGiven)"
        entry.name = name
        return .prepare(name, evicting: leftOver.popLast())
    }

    private var leftOver: [String] = []

    private mutating func removeLeastRecentlyUsed() -> String? {
        guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key else { return nil }
        return entries.removeValue(forKey: oldest)?.name
    }

    /// Takes note of the columns of a result.
    mutating func learn(_ key: Key, columns: [ResultStorage.Column]) {
        guard !columns.isEmpty, let entry = entries[key], entry.columns == nil else { return }
        let fetchesBinary = columns.allSatisfy { PostgresType.decodableInBinary.contains($0.type) }
        entries[key]?.fetchesBinary = fetchesBinary
        if columns.allSatisfy({ $0.isBinary == fetchesBinary }) { entries[key]?.columns = columns }
    }

    /// Forgets one statement: its preparation failed or its plan went stale.
    ///
    /// - Parameter isOnServer: whether the server surely has it. Giving back what is not there is an error, which would
    ///   end the transaction of whoever runs the next statement.
    mutating func forget(_ key: Key, isOnServer: Bool) {
        guard let entry = entries.removeValue(forKey: key), isOnServer else { return }
        if let name = entry.name { leftOver.append(name) }
    }

    /// Prepares nothing any more: the server does not know what was prepared, so a pooler without support for it must be
    /// in between.
    mutating func disable() {
        removeAll()
        capacity = 0
    }

    /// Forgets all: the server has discarded them.
    mutating func removeAll() {
        entries.removeAll()
        leftOver.removeAll()
    }
}
