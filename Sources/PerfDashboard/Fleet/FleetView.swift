import Foundation

/// The section that tells the instances of a fleet, and leads to each alone. There is none where there is one instance.
struct FleetView {
    /// The fleet, or one instance.
    struct Link {
        let anchor: String
        let name: String
        let href: String
        let lastSeen: String
        let isCurrent: Bool
    }

    let aside: String
    let links: [Link]
    let rest: String?

    private static let shown = 20

    init(_ report: PerfReport, _ options: PageOptions) {
        var instances = report.instances.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let hidden = instances.count - Self.shown
        instances = Array(instances.prefix(Self.shown))
        if let chosen = report.instance, !instances.contains(where: { $0.key == chosen }) {
            instances.append((chosen, report.instances[chosen] ?? .distantPast))
        }
        let fleet = Link(
            anchor: "instance-all", name: "The fleet", href: options.with { $0.instance = nil }.href, lastSeen: "",
            isCurrent: report.instance == nil)
        links =
            [fleet]
            + instances.enumerated().map { index, instance in
                Link(
                    anchor: "instance-\(index)", name: instance.key,
                    href: options.with { $0.instance = instance.key }.href,
                    lastSeen: instance.value < report.interval.lowerBound
                        ? "not in this window" : "last wrote \(Format.time(instance.value, .dayAndClock))",
                    isCurrent: instance.key == report.instance)
            }
        rest = hidden > 0 ? "And \(hidden) more that wrote earlier." : nil
        aside =
            report.instance == nil
            ? "figures of \(report.instances.count) instances together" : "figures of one instance alone"
    }

    /// The section, or none.
    var sections: [PageSection] {
        // The fleet, and at least two to choose from, or the one that is chosen.
        links.count > 2 || links.contains { $0.isCurrent && $0.anchor != "instance-all" }
            ? [PageSection("fleet", "fleet", self)] : []
    }
}
