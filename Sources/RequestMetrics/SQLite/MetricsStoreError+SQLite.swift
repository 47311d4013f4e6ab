import GRDB

extension MetricsStoreError {
    /// What an error of SQLite means to whoever runs the service. Codes: <https://www.sqlite.org/rescode.html>
    init(_ error: DatabaseError, path: String) {
        let detail = error.message ?? "no message"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .locked, value: path, reason: "another program holds the database and did not let go (\(detail))",
                mend: "End its transaction and try again; a running service keeps its counts and writes them then.")
        case _ where Self.isOutOfSpace(error):
            self.init(
                .full, value: path, reason: "no space is left, or a limit is reached (\(detail))",
                mend: "Free space on its disk, lift the limit, or keep less; what waits is written then.")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .readOnly, value: path, reason: "the database cannot be written (\(detail))",
                mend: "Give this user write access to the file and its folder, or give another path.")
        case .SQLITE_NOTADB:
            self.init(
                .corrupt, value: path, reason: "the file is not a SQLite database (\(detail))",
                mend: "Give another path; the file was left as it is.")
        case .SQLITE_CORRUPT:
            self.init(
                .corrupt, value: path, reason: "the database is damaged (\(detail))",
                mend: "Move the file away and start anew, or rescue it with: sqlite3 FILE .recover")
        case .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_NOLFS:
            self.init(
                .unavailable, value: path, reason: "the database cannot be opened or read (\(detail))",
                mend: "Check that the path is a file in a folder that exists, that may be written, and on a sound disk."
            )
        case .SQLITE_ERROR
        where detail.hasPrefix("no such table") || detail.contains("no column named")
            || detail.hasPrefix("no such column"):
            self.init(
                .schema, value: path, reason: "the tables are not those of this version (\(detail))",
                mend: "Run: pitwall migrate")
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
            self.init(
                .schema, value: path, reason: "a table does not take what belongs there (\(detail))",
                mend: "Compare the table with the one that `pitwall migrate` makes in a new file.")
        default:
            self.init(
                .other, value: path, reason: "SQLite failed with code \(error.extendedResultCode.rawValue) (\(detail))",
                mend: "Look the code up at https://www.sqlite.org/rescode.html")
        }
    }

    /// A limit on a file's size fails a write with EFBIG, which SQLite does not tell from a broken disk.
    private static func isOutOfSpace(_ error: DatabaseError) -> Bool {
        error.resultCode == .SQLITE_FULL
            || [.SQLITE_IOERR_WRITE, .SQLITE_IOERR_SHMSIZE].contains(error.extendedResultCode)
    }
}
