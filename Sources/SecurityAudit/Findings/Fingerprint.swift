import Crypto
import Foundation

/// A finding's identity over time: 16 hexadecimal digits and, after a colon, which of its twins it is.
///
/// Hashed are the rule, the enclosing declarations and the reported code without layout and comments, so it stays
/// the same when lines move, code is reformatted or the file is renamed; neither file nor line is part of it. An
/// advisory's is hashed from package and id, whatever the version. Secrets are redacted before they are hashed: a
/// short one could be guessed back from a hash.
enum Fingerprint {
    /// Gives every finding its fingerprint.
    ///
    /// Twins are numbered in the order of file and line.
    static func assign(to findings: inout [Finding]) {
        var twins: [String: Int] = [:]
        for index in findings.indices {
            let hash = digest(of: findings[index])
            let number = (twins[hash] ?? 0) + 1
            twins[hash] = number
            findings[index].fingerprint = "\(hash):\(number)"
        }
    }

    private static func digest(of finding: Finding) -> String {
        let parts =
            if let advisory = finding.advisory {
                ["advisory", FindingMerge.canonicalPackage(advisory.package), leadingName(of: advisory)]
            } else {
                [finding.rule, finding.declaration, NormalizedCode(finding.code).text]
            }
        let bytes = Data(parts.joined(separator: "\u{0}").utf8)
        return SHA256.hash(data: bytes).prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined()
    }

    /// Two databases call one problem by two ids; a CVE, where there is one, is the same in both.
    private static func leadingName(of advisory: Advisory) -> String {
        let names = advisory.names.sorted()
        return names.first { $0.hasPrefix("CVE-") } ?? names.first { $0.hasPrefix("GHSA-") } ?? advisory.id
    }
}
