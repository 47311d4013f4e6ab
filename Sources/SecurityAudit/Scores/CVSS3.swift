import Foundation

/// The base score of a CVSS 3.0 or 3.1 vector, such as `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H`.
///
/// Formula and weights: <https://www.first.org/cvss/v3.1/specification-document>, section 7.
struct CVSS3 {
    /// From 0.0 to 10.0, with one decimal.
    let baseScore: Double

    /// `nil` when the vector is of another version or lacks one of the eight base metrics.
    init?(vector: String) {
        guard let metrics = CVSS.metrics(of: vector, after: "CVSS:3.1/", "CVSS:3.0/") else { return nil }
        let weight = { (metric: Substring, weights: [Substring: Double]) in metrics[metric].flatMap { weights[$0] } }
        guard let scope = metrics["S"], scope == "U" || scope == "C" else { return nil }
        let changed = scope == "C"
        let privileges: [Substring: Double] =
            changed ? ["N": 0.85, "L": 0.68, "H": 0.5] : ["N": 0.85, "L": 0.62, "H": 0.27]
        let impacts: [Substring: Double] = ["H": 0.56, "L": 0.22, "N": 0]
        guard let vectorWeight = weight("AV", ["N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2]),
            let complexity = weight("AC", ["L": 0.77, "H": 0.44]), let privilege = weight("PR", privileges),
            let interaction = weight("UI", ["N": 0.85, "R": 0.62]), let confidentiality = weight("C", impacts),
            let integrity = weight("I", impacts), let availability = weight("A", impacts)
        else { return nil }
        let subscore = 1 - (1 - confidentiality) * (1 - integrity) * (1 - availability)
        let impact = changed ? 7.52 * (subscore - 0.029) - 3.25 * pow(subscore - 0.02, 15) : 6.42 * subscore
        let exploitability = 8.22 * vectorWeight * complexity * privilege * interaction
        guard impact > 0 else {
            baseScore = 0
            return
        }
        baseScore = Self.roundedUp(min((changed ? 1.08 : 1) * (impact + exploitability), 10))
    }

    /// The smallest number with one decimal that is not less, on whole numbers as appendix A says.
    private static func roundedUp(_ value: Double) -> Double {
        let whole = Int((value * 100_000).rounded())
        return whole % 10_000 == 0 ? Double(whole) / 100_000 : Double(whole / 10_000 + 1) / 10
    }
}
