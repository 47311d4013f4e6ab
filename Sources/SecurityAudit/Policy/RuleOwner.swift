import SwiftScanner

/// Tells by a rule's id which scanner it belongs to.
enum RuleOwner {
    private static let swiftRules = Set(SwiftScanner.rules.map(\.id))
    private static let secretRules = Set(SecretRule.all.map(\.id))

    /// The scanner, or `nil` when the id or pattern may be anybody's.
    static func tool(of rule: String) -> String? {
        if swiftRules.contains(rule) { return ScannerName.swift.rawValue }
        if secretRules.contains(rule) { return ScannerName.secrets.rawValue }
        if rule.first == "B", rule.count == 4, rule.dropFirst().allSatisfy(\.isNumber) {
            return ScannerName.bandit.rawValue
        }
        if rule.hasPrefix("PYSEC-") { return ScannerName.pipAudit.rawValue }
        return nil
    }
}
