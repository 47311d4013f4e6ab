import SwiftSyntax

/// Keychain items readable while the device is locked.
struct KeychainAccess: Rule {
    let metadata = SwiftRule(
        id: "keychain-accessibility",
        title: "Keychain item always accessible",
        why: "`kSecAttrAccessibleAlways` leaves the item readable on a locked device, to whoever has it in hand.",
        mend:
            "Use `kSecAttrAccessibleWhenUnlockedThisDeviceOnly`, or `...AfterFirstUnlockThisDeviceOnly` for background work.",
        cwe: [311, 522],
        severity: .medium,
        examples: .init(
            wrong: [
                "query[kSecAttrAccessible as String] = kSecAttrAccessibleAlways",
                "let query: [CFString: Any] = [kSecAttrAccessible: kSecAttrAccessibleAlwaysThisDeviceOnly]",
                "let keychain = Keychain(service: name).accessibility(.always)",
            ],
            right: [
                "query[kSecAttrAccessible as String] = kSecAttrAccessibleWhenUnlockedThisDeviceOnly",
                "let query: [CFString: Any] = [kSecAttrAccessible: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly]",
            ]
        )
    )

    var words: [String] { ["accessib"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for name in ["kSecAttrAccessibleAlways", "kSecAttrAccessibleAlwaysThisDeviceOnly"] {
            for reference in file.references[name] ?? [] {
                report.add(
                    reference.node, in: reference.scope, "`\(name)` leaves the item readable on a locked device",
                    confidence: .high)
            }
        }
        for call in file.calls(named: "accessibility") {
            if let value = call.memberNameOfFirst, ["always", "alwaysThisDeviceOnly"].contains(value) {
                report.add(call, "`.\(value)` leaves the item readable on a locked device", confidence: .high)
            }
        }
        for call in file.calls {
            for label in ["withAccessibility", "accessibility", "accessible"] {
                guard let value = call.memberName(label), ["always", "alwaysThisDeviceOnly"].contains(value) else {
                    continue
                }
                report.add(
                    call, "`\(label): .\(value)` leaves the item readable on a locked device", confidence: .high)
            }
        }
        for member in file.members(named: "accessibleAlways", "accessibleAlwaysThisDeviceOnly") {
            report.add(member.node, in: member.scope, "the item is readable on a locked device", confidence: .high)
        }
    }
}
