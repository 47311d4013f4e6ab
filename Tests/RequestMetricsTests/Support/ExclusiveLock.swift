import GRDB

/// Another program that holds a database file for itself.
struct ExclusiveLock {
    private let queue: DatabaseQueue

    init(on path: String) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.inDatabase { db in
            // In a new file there would be nothing to lock yet.
            try db.execute(sql: "CREATE TABLE IF NOT EXISTS theirs (x); BEGIN EXCLUSIVE")
        }
    }

    func release() throws {
        try queue.inDatabase { try $0.execute(sql: "ROLLBACK") }
    }
}
