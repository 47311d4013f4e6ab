/// The score of a CVSS vector of any version that OSV records carry: 2.0, 3.0, 3.1 and 4.0.
enum CVSS {
    /// From 0.0 to 10.0, with one decimal; `nil` when the text is no vector or lacks a mandatory metric.
    ///
    /// The base score, and for 4.0 the one score there is, which threat and environmental metrics change.
    static func score(_ vector: String) -> Double? {
        CVSS4(vector: vector)?.score ?? CVSS3(vector: vector)?.baseScore ?? CVSS2(vector: vector)?.baseScore
    }

    /// The metrics of a vector after its prefix, `AV:N/AC:L` and so on; `nil` when one is malformed or given twice.
    static func metrics(of vector: String, after prefixes: String...) -> [Substring: Substring]? {
        guard let prefix = prefixes.first(where: vector.hasPrefix) else { return nil }
        var metrics: [Substring: Substring] = [:]
        for part in vector.dropFirst(prefix.count).split(separator: "/", omittingEmptySubsequences: false) {
            let pair = part.split(separator: ":", omittingEmptySubsequences: false)
            guard pair.count == 2, metrics.updateValue(pair[1], forKey: pair[0]) == nil else { return nil }
        }
        return metrics
    }
}
