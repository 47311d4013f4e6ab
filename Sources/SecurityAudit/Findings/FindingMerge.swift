/// Makes the same problem, seen by two tools, one finding with two witnesses.
///
/// In code it is the same when file, first line or an overlapping region, and class of weakness are the same; in a
/// dependency, when the package and one id or alias are. Two findings of one tool are never merged, so each tool's
/// count stays what its own report says.
enum FindingMerge {
    /// The tools from the one whose telling is preferred.
    private static let order = ["swift", "dependencies", "bandit", "pip-audit", "gitleaks", "secrets", "semgrep"]

    /// The findings merged and sorted: worst first, then by file, line and rule.
    static func merged(_ findings: [Finding]) -> [Finding] {
        var result: [Finding] = []
        var told = Places()
        // Findings of one tool are never merged, so that a tool's own are looked at only by the next ones.
        var own: [Int] = []
        var tool: String?
        for finding in findings.sorted(by: preferred) {
            if finding.tool != tool {
                for index in own { told.add(index, result[index]) }
                own = []
                tool = finding.tool
            }
            let match = told.near(finding)
                .filter { sameProblem(result[$0], finding) }
                .min { (closeness(result[$0], finding), $0) < (closeness(result[$1], finding), $1) }
            if let match {
                add(finding, to: &result[match])
            } else {
                own.append(result.count)
                var teller = finding
                teller.witnesses = [finding.witness]
                result.append(teller)
            }
        }
        return result.sorted(by: Self.told)
    }

    /// Findings by package, or by file and line, so that a file with thousands costs no square of their number.
    private struct Places {
        private var byPlace: [Place: [Int]] = [:]
        /// A region of more lines is looked at for every finding of its file.
        private static let manyLines = 1000

        private struct Place: Hashable {
            let name: String
            /// 0 for a package, and for a file as a whole.
            let line: Int
        }

        mutating func add(_ index: Int, _ finding: Finding) {
            let lines = Self.lines(of: finding)
            for line in lines.upperBound - lines.lowerBound > Self.manyLines ? 0...0 : lines {
                byPlace[Place(name: Self.name(of: finding), line: line), default: []].append(index)
            }
        }

        /// The indices of those that may be the same problem, each once.
        func near(_ finding: Finding) -> Set<Int> {
            guard !byPlace.isEmpty else { return [] }
            let name = Self.name(of: finding)
            var found = Set(byPlace[Place(name: name, line: 0)] ?? [])
            for line in Self.lines(of: finding).prefix(Self.manyLines) {
                found.formUnion(byPlace[Place(name: name, line: line)] ?? [])
            }
            return found
        }

        private static func name(of finding: Finding) -> String {
            finding.advisory.map { "package " + canonicalPackage($0.package) } ?? "file " + finding.file
        }

        private static func lines(of finding: Finding) -> ClosedRange<Int> {
            guard finding.advisory == nil, let region = finding.region else { return 0...0 }
            let start = max(1, region.startLine)
            return start...max(start, region.endLine)
        }
    }

    private static func sameProblem(_ one: Finding, _ other: Finding) -> Bool {
        guard !one.witnesses.contains(where: { $0.tool == other.tool }) else { return false }
        if one.advisory != nil, other.advisory != nil { return one.tellsOfTheSame(as: other) }
        guard let left = one.region, let right = other.region, left.overlaps(right) else { return false }
        return WeaknessClass.same(one.cwe, other.cwe)
    }

    /// Of several matches the one that starts nearest and has a number in common is meant.
    private static func closeness(_ one: Finding, _ other: Finding) -> Int {
        let shared = Set(one.cwe).isDisjoint(with: other.cwe) ? 1 : 0
        return abs(one.line - other.line) * 2 + shared
    }

    private static func add(_ finding: Finding, to teller: inout Finding) {
        teller.witnesses.append(finding.witness)
        teller.take(in: finding)
    }

    private static func preferred(_ left: Finding, _ right: Finding) -> Bool {
        (rank(left.tool), left.file, left.line, left.rule) < (rank(right.tool), right.file, right.line, right.rule)
    }

    private static func told(_ left: Finding, _ right: Finding) -> Bool {
        if left.severity != right.severity { return left.severity > right.severity }
        if left.confidence != right.confidence { return left.confidence > right.confidence }
        return (left.file, left.line, left.rule, left.title) < (right.file, right.line, right.rule, right.title)
    }

    private static func rank(_ tool: String) -> Int { order.firstIndex(of: tool) ?? order.count }

    /// Addresses of Swift packages compare in SwiftPM's form, names of Python's without case and with `-`, `_` and `.`
    /// alike (PEP 503).
    static func canonicalPackage(_ name: String) -> String {
        if name.contains("/") || name.contains(":") { return PackageLocation(name).description }
        return String(name.lowercased().map { "_.".contains($0) ? "-" : $0 })
    }
}

extension Finding {
    /// Whether both are about one advisory, by an id or alias that they share.
    func tellsOfTheSame(as other: Finding) -> Bool {
        guard let own = advisory, let others = other.advisory else { return false }
        return !own.names.isDisjoint(with: others.names)
    }

    /// Takes over what another finding of the same problem knows more, and the worse of the two severities.
    mutating func take(in other: Finding) {
        severity = max(severity, other.severity)
        confidence = max(confidence, other.confidence)
        cwe += other.cwe.filter { !cwe.contains($0) }
        mend = mend ?? other.mend
        link = link ?? other.link
        if var told = advisory, let more = other.advisory {
            told.aliases += more.names.subtracting(told.names).sorted()
            told.fixedVersion = told.fixedVersion ?? more.fixedVersion
            advisory = told
        }
    }

    /// This finding as a tool's word on it.
    fileprivate var witness: Witness {
        Witness(tool: tool, rule: rule, title: title, severity: severity, confidence: confidence, line: line)
    }
}
