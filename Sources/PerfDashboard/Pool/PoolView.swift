import LatencyHistogram

/// The section of the pool.
struct PoolView {
    /// One of the four durations.
    struct Row {
        let name: String
        let meaning: String
        let p50: LatencyView
        let p95: LatencyView
        let p99: LatencyView
        let count: String
    }

    /// One who holds a connection.
    struct Holder {
        let site: String
        let heldFor: String
    }

    let aside: String
    let sentence: String
    let notices: [Notice]
    let items: [ReceiptView.Item]
    let rows: [Row]
    let hasHolders: Bool
    let holders: [Holder]
    let rest: String?

    private static let holdersShown = 5

    init(_ pool: PoolReport) {
        aside = "\(pool.inUse) of \(pool.max) in use"
        sentence = Self.sentence(pool)
        notices = pool.connectFailure.map { [Notice(kind: "error", notice: "Connecting fails: \($0)")] } ?? []
        items = Self.items(pool)
        rows = [
            Row("Waiting", "until a connection was lent", pool.waitTime),
            Row("Held", "from lending to giving back", pool.useTime),
            Row("Statement", "from sending to the whole answer", pool.queryTime),
            Row("Connecting", "name, TLS and login included", pool.createTime),
        ]
        holders = pool.holders.prefix(Self.holdersShown).map {
            Holder(site: $0.site, heldFor: Format.duration(nanoseconds: Double($0.heldFor)))
        }
        hasHolders = !holders.isEmpty
        let hidden = pool.holders.count - holders.count
        rest = hidden > 0 ? "And \(hidden) more." : nil
    }

    private static func sentence(_ pool: PoolReport) -> String {
        switch pool.trouble {
        case .database:
            return "The database cannot be reached. Callers are failed at once until it can."
        case .service:
            return "It is the service: connections are held much longer than their statements run, and "
                + "\(callers(pool)). Give them back before waiting for anything else."
        case .pool:
            return
                "It is the pool: its connections are at work and \(callers(pool)). Raise DB_POOL_MAX if the database "
                + "has room, else make the statements faster."
        case .none where pool.acquired == 0:
            return "Healthy. Nobody has asked for a connection yet."
        case .none:
            return "Healthy. \(pool.waiting == 0 ? "Nobody waits" : "\(pool.waiting) wait for the next connection")."
        }
    }

    private static func callers(_ pool: PoolReport) -> String {
        guard pool.waiting > 0 else {
            let last = pool.sinceShortage.map { ", the last \(Format.duration(nanoseconds: Double($0))) ago" } ?? ""
            return "\(Format.count(pool.timedOut)) callers got none in time\(last)"
        }
        let wait = Format.duration(nanoseconds: Double(pool.longestWait))
        return pool.waiting == 1
            ? "a caller waits since \(wait)" : "\(pool.waiting) callers wait, the first since \(wait)"
    }

    private static func items(_ pool: PoolReport) -> [ReceiptView.Item] {
        let closed = pool.closed.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\(Format.count($0.value)) \($0.key.replacing("_", with: " "))" }.joined(separator: ", ")
        let wait = pool.waiting > 0 ? ", the first since \(Format.duration(nanoseconds: Double(pool.longestWait)))" : ""
        return [
            .init(label: "Available", value: "\(pool.available) of \(pool.max)"),
            .init(label: "Open", value: "\(pool.inUse) in use, \(pool.idle) idle, \(pool.connecting) connecting"),
            .init(label: "Waiting", value: "\(pool.waiting)\(wait)"),
            .init(label: "Lent since start", value: Format.count(pool.acquired)),
            .init(label: "Timed out", value: Format.count(pool.timedOut)),
            .init(label: "Refused", value: Format.count(pool.refused)),
            .init(
                label: "Connections made",
                value: Format.count(pool.created)
                    + (pool.connectFailures > 0 ? ", \(Format.count(pool.connectFailures)) failed" : "")),
            .init(label: "Closed", value: closed.isEmpty ? "none" : closed),
        ]
    }
}

extension PoolView.Row {
    fileprivate init(_ name: String, _ meaning: String, _ histogram: LatencyHistogram) {
        self.init(
            name: name, meaning: meaning, p50: LatencyView(Percentile(0.5, of: histogram)),
            p95: LatencyView(Percentile(0.95, of: histogram)), p99: LatencyView(Percentile(0.99, of: histogram)),
            count: Format.count(histogram.count))
    }
}
