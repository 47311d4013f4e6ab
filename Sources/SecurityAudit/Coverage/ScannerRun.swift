/// What became of one scanner: whether it ran, on what, and what it left out.
public struct ScannerRun: Sendable, Hashable, Codable {
    /// The scanner's name.
    public var tool: String
    /// What it says of its own version.
    public var version: String?
    /// Whether it did its work.
    public var state: State
    /// Its own words where it did not, or a remark.
    public var detail: String?
    /// How long it took, in seconds.
    public var seconds: Double = 0
    /// How many files it looked for, and how many of these it could read.
    public var filesFound = 0
    /// How many of these it read to the end.
    public var filesScanned = 0
    /// The files and dependencies it could not judge.
    public var skipped: [SkippedFile] = []
    /// The database it judged by.
    public var database: DatabaseStamp?
    /// How many problems it reported, before merging and policy.
    public var findings = 0
    /// Whether it was asked for by name or by `require`.
    public var required = false

    /// What became of a scanner.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// It ran to its end.
        case ran
        /// There is nothing here for it to look at.
        case notApplicable = "not applicable"
        /// It is not installed, or its database or rules are not there.
        case missing
        /// It ended with an error, or printed what cannot be read.
        case failed
        /// It was over its time and has been killed with its children.
        case timedOut = "timed out"
        /// It was over its memory and has been killed with its children.
        case outOfMemory = "out of memory"
    }

    /// Whether what it reports is all there is to report.
    public var isComplete: Bool {
        switch state {
        case .ran: skipped.isEmpty
        case .notApplicable: true
        case .missing, .failed, .timedOut, .outOfMemory: false
        }
    }

    /// Why it is not complete, in a few words.
    public var gap: String? {
        guard !isComplete else { return nil }
        if state == .ran {
            return "skipped \(skipped.count) of \(max(filesFound, skipped.count))" + (detail.map { ": \($0)" } ?? "")
        }
        return state.rawValue + (detail.map { ": \($0)" } ?? "")
    }

    enum CodingKeys: String, CodingKey {
        case tool, version, state, detail, seconds, skipped, database, findings, required
        case filesFound = "files_found"
        case filesScanned = "files_scanned"
    }
}

/// Which vulnerability database was used, and how old it is.
public struct DatabaseStamp: Sendable, Hashable, Codable {
    /// Where it came from.
    public var source: String
    /// How many advisories it holds.
    public var advisories: Int
    /// When the latest of its advisories was changed, in ISO 8601.
    public var modified: String?
    /// Whole days from then to now.
    public var ageInDays: Int?
    /// Whether a kept copy was used because the source could not be reached.
    public var fromCache = false

    enum CodingKeys: String, CodingKey {
        case source, advisories, modified
        case ageInDays = "age_in_days"
        case fromCache = "from_cache"
    }
}

/// The one answer of an audit.
public enum Verdict: String, Sendable, Codable, CaseIterable {
    /// Every scanner that was wanted did its work, and nothing is at or over the threshold.
    case clean
    /// Something is at or over the threshold, whatever else did not run.
    case findings
    /// Nothing is at or over the threshold in what was seen, but not everything was seen.
    case incomplete
}
