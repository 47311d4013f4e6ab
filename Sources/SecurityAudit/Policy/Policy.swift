/// Decides which findings count.
struct Policy: Sendable {
    let failOn: FailOn
    let thresholds: [Threshold]
    let suppressions: [Suppression]
    /// Fingerprints that are known already.
    let baseline: Set<String>
    let today: CalendarDate

    /// Marks what is suppressed or known, and tells what is to be known about the suppressions.
    ///
    /// - Parameter ran: The scanners that did all their work; a suppression for another's rule is not called unused.
    func apply(to findings: inout [Finding], complete ran: Set<String>, wanted: Set<String>) -> [SuppressionNote] {
        var used: Set<Int> = []
        var expired: Set<Int> = []
        for index in findings.indices {
            let fitting = suppressions.indices.filter { suppressions[$0].fits(findings[index]) }
            used.formUnion(fitting)
            if let valid = fitting.first(where: { suppressions[$0].holds(on: today) }) {
                findings[index].standing = .suppressed(
                    reason: suppressions[valid].reason, expires: suppressions[valid].expires)
            } else {
                expired.formUnion(fitting)
                if baseline.contains(findings[index].fingerprint) { findings[index].standing = .known }
            }
        }
        return suppressions.indices.compactMap { index in
            let suppression = suppressions[index]
            let kind: SuppressionNote.Kind
            let text: String
            if expired.contains(index) {
                kind = .expired
                text = "expired on \(suppression.expires?.description ?? "?"); its reason was: \(suppression.reason)"
            } else if !used.contains(index), canJudge(suppression, complete: ran, wanted: wanted) {
                kind = .unused
                text = suppression.reason
            } else {
                return nil
            }
            return SuppressionNote(place: suppression.place, rule: suppression.rule, kind: kind, text: text)
        }
    }

    /// Whether a finding fails the audit.
    func fails(_ finding: Finding) -> Bool {
        guard finding.standing == .counted else { return false }
        return (thresholds.first { $0.fits(finding) }?.failOn ?? failOn).isReached(by: finding.severity)
    }

    private func canJudge(_ suppression: Suppression, complete: Set<String>, wanted: Set<String>) -> Bool {
        if let rule = suppression.rule, let owner = RuleOwner.tool(of: rule) { return complete.contains(owner) }
        return wanted.isSubset(of: complete)
    }
}
