/// An advisory in the OSV format, as far as it is used: <https://ossf.github.io/osv-schema>.
struct OSVRecord: Decodable, Sendable {
    let id: String
    let modified: String?
    let withdrawn: String?
    let aliases: [String]?
    let summary: String?
    let details: String?
    private let severities: [Score]?
    let affected: [Affected]?
    private let database: DatabaseSpecific?

    enum CodingKeys: String, CodingKey {
        case id, modified, withdrawn, aliases, summary, details, affected
        case severities = "severity"
        case database = "database_specific"
    }

    /// The worst CVSS score of the record and of these of its entries, then the database's own word;
    /// ``Severity/unstated`` when there is neither.
    func severity(of entries: [Affected] = []) -> Severity {
        let given = (severities ?? []) + entries.flatMap { $0.severity ?? [] }
        if let worst = given.compactMap({ CVSS.score($0.score) }).max() { return Severity(score: worst) }
        return database?.severity.flatMap(Severity.init(database:)) ?? .unstated
    }

    /// The numbers of its weaknesses, or CWE-1395, a dependency with a known vulnerability.
    var weaknesses: [Int] {
        let numbers = (database?.weaknesses ?? []).compactMap { Int($0.drop { !$0.isNumber }) }
        return numbers.isEmpty ? [1395] : numbers
    }

    /// The id and its aliases.
    var names: Set<String> { Set(aliases ?? []).union([id]) }

    struct Score: Decodable, Sendable {
        let type: String
        let score: String
    }

    struct DatabaseSpecific: Decodable, Sendable {
        let severity: String?
        let weaknesses: [String]?

        enum CodingKeys: String, CodingKey {
            case severity
            case weaknesses = "cwe_ids"
        }

        /// Every database puts here what it likes; only what has the expected form is taken.
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            severity = try? container.decode(String.self, forKey: .severity)
            weaknesses = try? container.decode([String].self, forKey: .weaknesses)
        }
    }

    struct Affected: Decodable, Sendable {
        let package: Package?
        let ranges: [OSVRange]?
        let versions: [String]?
        /// Given here where packages differ in it.
        let severity: [Score]?
    }

    struct Package: Decodable, Sendable {
        let ecosystem: String
        let name: String
    }
}
