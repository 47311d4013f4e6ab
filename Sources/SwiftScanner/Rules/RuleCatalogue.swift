/// All rules, by area.
enum RuleCatalogue {
    static let all: [any Rule] =
        cryptography + transport + injection + input + secrets + storage + memory + web + platform

    private static let cryptography: [any Rule] = [
        WeakHash(), WeakPasswordHash(), WeakCipher(), ElectronicCodebook(), HardCodedKey(), StaticNonce(), StaticSalt(),
        FewIterations(), ShortKey(), PredictableRandom(),
    ]
    private static let transport: [any Rule] = [
        CleartextHTTP(), UnverifiedTLS(), OldTLSVersion(), DatabaseWithoutTLS(),
    ]
    private static let injection: [any Rule] = [
        SQLInjection(), CommandInjection(), PathTraversal(), RegexInjection(), ScriptInjection(), HTMLInjection(),
        PredicateInjection(), FormatString(), RequestForgery(), OpenRedirect(),
    ]
    private static let input: [any Rule] = [RegexBlowup(), ExternalEntities(), UnsafeUnarchiving(), ForcedInput()]
    private static let secrets: [any Rule] = [HardCodedCredential(), SecretLogging()]
    private static let storage: [any Rule] = [
        CleartextStorage(), KeychainAccess(), UnprotectedFile(), PasteboardSecret(), LoosePermissions(),
    ]
    private static let memory: [any Rule] = [UnsafeMemory(), EscapingPointer(), UnownedUnsafe(), UnboundedCopy()]
    private static let web: [any Rule] = [UnverifiedJWT(), PermissiveCORS(), InsecureCookie()]
    private static let platform: [any Rule] = [WebViewFileAccess(), BooleanBiometrics()]
}
