/// The base score of a CVSS 2.0 vector, such as `AV:N/AC:L/Au:N/C:P/I:P/A:P`, with or without brackets around it.
///
/// Equations and weights: <https://www.first.org/cvss/v2/guide>, section 3.2.1.
struct CVSS2 {
    /// From 0.0 to 10.0, with one decimal.
    let baseScore: Double

    /// `nil` when the text is no such vector or lacks one of the six base metrics.
    init?(vector: String) {
        let text = vector.hasPrefix("(") && vector.hasSuffix(")") ? String(vector.dropFirst().dropLast()) : vector
        guard let metrics = CVSS.metrics(of: text, after: "CVSS2#", "") else { return nil }
        let weight = { (metric: Substring, weights: [Substring: Double]) in metrics[metric].flatMap { weights[$0] } }
        let impacts: [Substring: Double] = ["N": 0, "P": 0.275, "C": 0.660]
        guard let access = weight("AV", ["L": 0.395, "A": 0.646, "N": 1]),
            let complexity = weight("AC", ["H": 0.35, "M": 0.61, "L": 0.71]),
            let authentication = weight("Au", ["M": 0.45, "S": 0.56, "N": 0.704]),
            let confidentiality = weight("C", impacts), let integrity = weight("I", impacts),
            let availability = weight("A", impacts)
        else { return nil }
        let impact = 10.41 * (1 - (1 - confidentiality) * (1 - integrity) * (1 - availability))
        let exploitability = 20 * access * complexity * authentication
        let score = impact == 0 ? 0 : (0.6 * impact + 0.4 * exploitability - 1.5) * 1.176
        baseScore = (score * 10).rounded() / 10
    }
}
