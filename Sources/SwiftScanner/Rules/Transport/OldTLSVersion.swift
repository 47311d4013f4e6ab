import SwiftSyntax

/// SSL 3, TLS 1.0 and TLS 1.1 allowed.
struct OldTLSVersion: Rule {
    let metadata = SwiftRule(
        id: "old-tls-version",
        title: "Outdated TLS version allowed",
        why:
            "TLS 1.0 and 1.1 were retired by RFC 8996: their hashes and ciphers are broken, and a man in the middle can "
            + "talk both sides down to them.",
        mend: "Demand at least TLS 1.2.",
        cwe: [757, 326],
        severity: .medium,
        examples: .init(
            wrong: [
                "configuration.tlsMinimumSupportedProtocolVersion = .TLSv10",
                "tls.minimumTLSVersion = .tlsv1",
                "sec_protocol_options_set_min_tls_protocol_version(options, .TLSv11)",
                "configuration.tlsMinimumSupportedProtocol = .tlsProtocol1",
            ],
            right: [
                "configuration.tlsMinimumSupportedProtocolVersion = .TLSv12",
                "tls.minimumTLSVersion = .tlsv13",
                "let known: [TLSVersion] = [.tlsv1, .tlsv12]",
            ]
        )
    )

    private static let old: Set<String> = [
        "TLSv10", "TLSv11", "tlsv1", "tlsv11", "tlsProtocol1", "tlsProtocol11", "sslProtocol3", "sslProtocol2", "sslv3",
        "DTLSv10", "dtlsProtocol1", "kTLSProtocol1", "kTLSProtocol11", "kSSLProtocol3", "kSSLProtocol2", "tls10",
        "tls11",
        "tls_protocol_version_TLSv10", "tls_protocol_version_TLSv11", "TLS1_VERSION", "TLS1_1_VERSION", "SSL3_VERSION",
        "tlsV1", "tlsV11", "TLSv1", "TLSv1_0", "TLSv1_1", "tlsv1_1", "tlsv1_0",
    ]
    private static let settings: Set<String> = [
        "tlsMinimumSupportedProtocolVersion", "tlsMinimumSupportedProtocol", "minimumTLSVersion",
        "TLSMinimumSupportedProtocol",
        "tlsMaximumSupportedProtocolVersion", "tlsMaximumSupportedProtocol", "maximumTLSVersion", "minimumVersion",
        "maximumVersion", "minimumProtocolVersion",
    ]
    private static let functions: Set<String> = [
        "sec_protocol_options_set_min_tls_protocol_version", "sec_protocol_options_set_max_tls_protocol_version",
        "sec_protocol_options_set_tls_min_version", "sec_protocol_options_set_tls_max_version",
        "SSLSetProtocolVersionMin", "SSLSetProtocolVersionMax", "SSL_CTX_set_min_proto_version",
    ]

    var words: [String] { ["tls", "ssl", "minimumVersion", "maximumVersion", "minimumProtocolVersion"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for assignment in file.assignments where Self.settings.contains(assignment.path.last ?? "") {
            if let value = assignment.memberName, Self.old.contains(value) {
                report.add(assignment.node, in: assignment.scope, "`\(value)` is outdated", confidence: .high)
            }
        }
        for call in file.calls {
            for argument in call.arguments {
                let isSetting = argument.label.map(Self.settings.contains) ?? Self.functions.contains(call.name)
                if isSetting, let value = constant(argument.value), Self.old.contains(value) {
                    report.add(call, "`\(value)` is outdated", confidence: .high)
                }
            }
        }
    }

    /// The last name of a value, through `UInt16(TLS1_VERSION)` and `TLSv10.rawValue`.
    private func constant(_ value: Expression) -> String? {
        var node = value.single
        if let call = node?.as(FunctionCallExprSyntax.self), call.arguments.count == 1 {
            node = call.arguments.first?.expression
        }
        return node?.path(limit: 3).last { $0 != "rawValue" }
    }
}
