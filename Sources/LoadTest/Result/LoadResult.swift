public import Foundation
import ResultFile

/// Everything that one load test found out: the content of `load-test-results.json`.
///
/// The file's schema is described in `docs/push.md`. Durations are milliseconds unless the key says otherwise; keys are
/// in snake case. A reader that knows version 1 may rely on every key of version 1; new keys may come.
public struct LoadResult: Codable, Sendable {
    /// The schema that this version writes.
    public static let schemaVersion = 1

    /// The version of the file's schema.
    public var schemaVersion = LoadResult.schemaVersion
    /// The version of the program that wrote it.
    public var pitwallVersion: String
    /// When the first request was due.
    public var startedAt: Date
    /// When the last scenario ended.
    public var finishedAt: Date
    /// Against what.
    public var target: TargetRecord
    /// With which settings.
    public var settings: SettingsRecord
    /// On which machine the generator ran.
    public var machine: Machine
    /// Whether the numbers can be trusted.
    public var validity: Validity
    /// What the generator is able to on this machine; absent without calibration.
    public var calibration: Calibration?
    /// The goals and whether they were met; empty without goals or when the run gives no verdict.
    public var goals: [GoalRecord] = []
    /// What each scenario measured.
    public var scenarios: [ScenarioResult]
    /// The client's times beside the server's own, where the target runs Pitwall and a token is given.
    public var serverSide: [RouteTimes]?
    /// The highest rates that met the goals, of a search for them.
    public var limits: [RateLimit]?
    /// Set when the run ended before its time: by Ctrl-C or because everything failed.
    public var stoppedEarly: String?

    /// Where the requests went.
    public struct TargetRecord: Codable, Sendable, Hashable {
        /// The web address.
        public var url: String
        /// `http/1.1`, `https/1.1`, `h2c` or `h2`.
        public var `protocol`: String
        /// The unix socket that stood in for the address's host.
        public var unixSocket: String?
    }

    /// How the run was set up.
    public struct SettingsRecord: Codable, Sendable, Hashable {
        /// Connections open at once.
        public var concurrency: Int
        /// Requests under way at once on a connection.
        public var streamsPerConnection: Int
        /// The asked duration of each scenario in seconds.
        public var durationSeconds: Double
        /// The most requests of each scenario.
        public var requests: Int?
        /// `closed`, `constant` or `poisson`.
        public var arrivals: String
        /// The asked rate in requests a second, of an open loop.
        public var rate: Double?
        /// The seed of Poisson arrivals.
        public var seed: UInt64?
        /// Seconds that a connection may take.
        public var connectTimeoutSeconds: Double
        /// Seconds that a response may take.
        public var requestTimeoutSeconds: Double
        /// Names of the headers that every request carried; never their values.
        public var headerNames: [String]
        /// Event loops that shared the connections.
        public var eventLoops: Int
        /// Whether the scenarios ran at once as a mix.
        public var isMix: Bool
    }
}

extension LoadResult {
    /// Reads a results file.
    ///
    /// - Throws: ``ResultFileError`` for a file that cannot be read, is no result, or has a newer schema.
    public init(contentsOf path: String) throws(ResultFileError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ResultFileError(path: path, problem: "it cannot be read")
        }
        struct Versioned: Decodable { var schemaVersion: Int }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        guard let version = try? decoder.decode(Versioned.self, from: data).schemaVersion else {
            throw ResultFileError(path: path, problem: "it is not a result of pitwall load: schema_version is missing")
        }
        guard version == Self.schemaVersion else {
            throw ResultFileError(
                path: path, problem: "its schema is version \(version); this program reads \(Self.schemaVersion)")
        }
        if (try? decoder.decode(ComparisonReport.self, from: data)) != nil {
            throw ResultFileError(
                path: path,
                problem: "it is a comparison that --versus or compare made, and its verdict is in it; give results of "
                    + "single runs")
        }
        do {
            self = try decoder.decode(LoadResult.self, from: data)
        } catch let error as DecodingError {
            throw ResultFileError(path: path, problem: "it does not follow its schema: \(error.place)")
        } catch {
            throw ResultFileError(path: path, problem: "\(error)")
        }
    }

    /// The file's content: JSON with sorted keys and a line break at the end.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// Writes the file in one step: readers and an interruption see the old content or the new, never a part.
    ///
    /// - Throws: ``ResultFileError`` when the file cannot be written.
    public func write(to path: String) throws {
        try json().writeResult(to: path)
    }
}

extension Data {
    /// Writes a file in one step.
    ///
    /// - Throws: ``ResultFileError`` when it cannot be written.
    func writeResult(to path: String) throws(ResultFileError) {
        do {
            try ResultFile(path).write(self)
        } catch {
            throw ResultFileError(path: path, problem: "it cannot be written: \(error.localizedDescription)")
        }
    }
}

extension ResultFile {
    /// - Throws: ``ResultFileError`` when it surely cannot be written.
    func check() throws(ResultFileError) {
        if let obstacle { throw ResultFileError(path: path, problem: "it cannot be written: \(obstacle)") }
    }
}

/// A results file that cannot be used.
public struct ResultFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let problem: String

    /// The problem in a sentence, with the value at fault and how to mend it.
    public var description: String { "\(path): \(problem)" }
}

extension DecodingError {
    fileprivate var place: String {
        let (context, detail): (Context, String) =
            switch self {
            case .keyNotFound(let key, let context): (context, "\(key.stringValue) is missing")
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                (context, context.debugDescription)
            @unknown default: (Context(codingPath: [], debugDescription: ""), "\(self)")
            }
        let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        return path.isEmpty ? detail : "\(path): \(detail)"
    }
}
