import Foundation

/// Which scanners run, and which of them must do their work.
///
/// What the command line says comes first, then tools that it names, then the configuration.
struct ScannerSelection: Sendable {
    /// Each once, in the order of their names on the command line, else their usual one.
    let chosen: [ScannerName]
    private let requirement: Requirement

    /// - Throws: ``AuditError/unknownTool(_:known:)``, or ``AuditError/requiredButLeftOut(_:)``: a scanner that must do
    ///   its work and does not run would be a gap that nobody sees.
    init(options: AuditOptions, configuration: AuditConfiguration) throws(AuditError) {
        var named: [ScannerName] = []
        for word in options.tools {
            let name = try Self.name(word)
            if !named.contains(name) { named.append(name) }
        }
        requirement = try Self.requirement(options.require, named: named, configuration: configuration)
        guard named.isEmpty else {
            chosen = named
            try checkRequired()
            return
        }
        let enabled = ScannerName.allCases.filter { configuration.tools[$0]?.isEnabled ?? true }
        let requirement = requirement
        chosen =
            ScannerName.usual.filter(enabled.contains)
            + enabled.filter { !ScannerName.usual.contains($0) && requirement.names($0) }
        try checkRequired()
    }

    /// Whether a scanner must do its work.
    func requires(_ name: ScannerName) -> Bool { requirement.includes(name) }

    private func checkRequired() throws(AuditError) {
        let lost = ScannerName.allCases.filter { requirement.names($0) && !chosen.contains($0) }
        guard lost.isEmpty else { throw .requiredButLeftOut(lost.map(\.rawValue)) }
    }

    private static func requirement(
        _ option: String?, named: [ScannerName], configuration: AuditConfiguration
    ) throws(AuditError) -> Requirement {
        switch option {
        case "all": return .all
        case "none": return .none
        case let words?: return .only(Set(try self.names(words)))
        case nil: return named.isEmpty ? configuration.require : .only(Set(named))
        }
    }

    private static func names(_ words: String) throws(AuditError) -> [ScannerName] {
        try words.split(separator: ",", omittingEmptySubsequences: false).map { word throws(AuditError) in
            try name(String(word))
        }
    }

    private static func name(_ word: String) throws(AuditError) -> ScannerName {
        guard let name = ScannerName(rawValue: word.trimmingCharacters(in: .whitespaces)) else {
            throw .unknownTool(word, known: ScannerName.allCases.map(\.rawValue))
        }
        return name
    }
}

extension Requirement {
    /// Whether it names the scanner itself, instead of whatever runs.
    fileprivate func names(_ name: ScannerName) -> Bool {
        if case .only(let names) = self { names.contains(name) } else { false }
    }
}
