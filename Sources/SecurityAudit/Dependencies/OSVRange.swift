/// A range of versions between events, evaluated as the OSV specification says.
///
/// See <https://ossf.github.io/osv-schema/#evaluation>.
struct OSVRange: Decodable, Sendable {
    let type: String
    let events: [Event]

    enum CodingKeys: String, CodingKey {
        case type, events
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = try container.decode(String.self, forKey: .type)
        events = try container.decode([Entry].self, forKey: .events).flatMap(\.events)
    }

    /// An object of the list: by the specification one event, in older records `introduced` and `fixed` together.
    private struct Entry: Decodable {
        let events: [Event]

        enum CodingKeys: String, CodingKey {
            case introduced, fixed, limit
            case lastAffected = "last_affected"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let kinds: [(CodingKeys, (String) -> Event)] = [
                (.introduced, Event.introduced), (.fixed, Event.fixed), (.lastAffected, Event.lastAffected),
                (.limit, Event.limit),
            ]
            events = try kinds.compactMap { key, event in
                try container.decodeIfPresent(String.self, forKey: key).map(event)
            }
            guard !events.isEmpty else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "an event of no known kind"))
            }
        }
    }

    /// What happens at a version.
    enum Event: Sendable {
        case introduced(String)
        case fixed(String)
        case lastAffected(String)
        case limit(String)

        var version: String {
            switch self {
            case .introduced(let version), .fixed(let version), .lastAffected(let version), .limit(let version): version
            }
        }
    }

    /// Whether versions order the events; a GIT range orders commits, which only a history can.
    var isOrdered: Bool { type == "SEMVER" || type == "ECOSYSTEM" }

    /// Whether a version lies in the range; `nil` when one of the events' versions cannot be compared.
    func contains(_ version: SemanticVersion) -> Bool? {
        guard isOrdered else { return false }
        var points: [(version: SemanticVersion?, event: Event)] = []
        for event in events {
            // "0" is before every version, "*" after every version.
            if event.version == "0" || event.version == "*" {
                points.append((nil, event))
            } else if let version = SemanticVersion(event.version) {
                points.append((version, event))
            } else {
                return nil
            }
        }
        let limits = points.filter { if case .limit = $0.event { true } else { false } }
        if !limits.isEmpty, !limits.contains(where: { $0.version.map { version < $0 } ?? true }) { return false }
        var affected = false
        for (point, event) in points.sorted(by: Self.earlier) {
            switch event {
            case .introduced: if point.map({ version >= $0 }) ?? true { affected = true }
            case .fixed: if let point, version >= point { affected = false }
            case .lastAffected: if let point, version > point { affected = false }
            case .limit: break
            }
        }
        return affected
    }

    /// The lowest version after the given one in which the problem is mended.
    func fix(after version: SemanticVersion) -> (SemanticVersion, String)? {
        events.compactMap { event in
            guard case .fixed(let text) = event, let fixed = SemanticVersion(text), fixed > version else { return nil }
            return (fixed, text)
        }.min { $0.0 < $1.0 }
    }

    private static func earlier(
        _ left: (version: SemanticVersion?, event: Event), _ right: (version: SemanticVersion?, event: Event)
    ) -> Bool {
        guard let rightVersion = right.version else { return false }
        guard let leftVersion = left.version else { return true }
        return leftVersion < rightVersion
    }
}
