/// Biometry whose only result is a Boolean.
struct BooleanBiometrics: Rule {
    let metadata = SwiftRule(
        id: "boolean-biometrics",
        title: "Biometry that only answers yes or no",
        why:
            "On a jailbroken device a hook turns the Boolean of `evaluatePolicy` into true; nothing was unlocked by it.",
        mend:
            "Keep the secret in the Keychain under a `SecAccessControl` with `.biometryCurrentSet`, and read it after the check.",
        cwe: [287, 305],
        severity: .low,
        examples: .init(
            wrong: [
                #"context.evaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, localizedReason: "Sign in") { ok, _ in if ok { open() } }"#
            ],
            right: [
                """
                let access = SecAccessControlCreateWithFlags(nil, kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly, .biometryCurrentSet, nil)
                context.evaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, localizedReason: "Sign in") { ok, _ in read(access) }
                """,
                "context.canEvaluatePolicy(.deviceOwnerAuthentication, error: &error)",
            ]
        )
    )

    var words: [String] { ["evaluatePolicy"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        guard
            file.calls(named: "SecAccessControlCreateWithFlags", "SecItemCopyMatching", "evaluateAccessControl")
                .isEmpty, (file.references["kSecUseAuthenticationContext"] ?? []).isEmpty
        else { return }
        for call in file.calls(named: "evaluatePolicy") where call.has("localizedReason") {
            report.add(call, "the result of the biometric check guards nothing by itself", confidence: .low)
        }
    }
}
