import RequestMetrics

extension DuckDBError {
    /// Whether the whole database is out of order until it is opened anew.
    var isFatal: Bool { message.hasPrefix("FATAL") || message.contains("has been invalidated") }

    /// Whether what the open database holds in memory may not be what it has committed.
    var leavesDoubt: Bool { says("Failed to commit", "Could not write file", "No space left") }

    /// Whether any of the texts is in the message. DuckDB tells the kind of an error by its words alone when a file is
    /// opened, so that the words are used throughout.
    fileprivate func says(_ texts: String...) -> Bool { texts.contains(where: message.contains) }

    /// The first line.
    fileprivate var line: String { message.split(separator: "\n").first.map(String.init) ?? message }
}

extension MetricsStoreError {
    /// What an error of DuckDB means to whoever runs the service.
    init(_ error: DuckDBError, path: String) {
        let detail = error.line
        if error.says("Could not set lock on file", "Conflicting lock") {
            self.init(
                .locked, value: path, reason: "another program holds the database (\(detail))",
                mend: "End it: DuckDB lets one program at a time open a file that is written to.")
        } else if error.says("No space left", "File too large", "could not allocate", "Out of Memory Error") {
            self.init(
                .full, value: path, reason: "no space is left, or a limit is reached (\(detail))",
                mend: "Free space on its disk, lift the limit, or keep less; what waits is written then.")
        } else if error.says("Permission denied", "read-only", "Read-only") {
            self.init(
                .readOnly, value: path, reason: "the database cannot be written (\(detail))",
                mend: "Give this user write access to the file and its folder, or give another path.")
        } else if error.says(
            "not a valid DuckDB database", "Serialization Error", "Corrupt", "checksum", "enough bytes")
        {
            self.init(
                .corrupt, value: path, reason: "the file is not a DuckDB database, or is damaged (\(detail))",
                mend: "Give another path, or move the file away and start anew; it was left as it is.")
        } else if error.says("Catalog Error", "Binder Error", "Constraint Error", "Conversion Error") {
            self.init(
                .schema, value: path, reason: "the tables are not those of this version (\(detail))",
                mend: "Compare them with those that a new file gets.")
        } else if error.says("IO Error") {
            self.init(
                .unavailable, value: path, reason: "the database cannot be opened or read (\(detail))",
                mend: "Check that the path is a file in a folder that exists, that may be written, and on a sound disk."
            )
        } else {
            self.init(
                .other, value: path, reason: "DuckDB failed (\(detail))", mend: "Look the message up at duckdb.org.")
        }
    }
}
