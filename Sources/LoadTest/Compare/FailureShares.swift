import LatencyComparison

/// How many requests failed on the two sides of a comparison. An error often comes faster than an answer, so a side that
/// fails more would look fast; such sides are not compared.
struct FailureShares {
    /// Shares that differ by less do not keep sides from being compared.
    private static let margin = 0.01

    private struct Side {
        var requests: UInt64 = 0
        var failures: UInt64 = 0

        var share: Double { requests == 0 ? 0 : Double(failures) / Double(requests) }
    }

    private var base = Side()
    private var new = Side()

    mutating func add(base result: ScenarioResult) { Self.add(result, to: &base) }
    mutating func add(new result: ScenarioResult) { Self.add(result, to: &new) }

    private static func add(_ result: ScenarioResult, to side: inout Side) {
        side.requests += result.count
        side.failures += result.errorCount
    }

    /// - Throws: ``IncomparableError`` when the shares differ by more than a hundredth and by more than three standard
    ///   errors.
    func check(_ scenario: String) throws(IncomparableError) {
        guard base.requests > 0, new.requests > 0 else { return }
        let both = Double(base.failures + new.failures) / Double(base.requests + new.requests)
        let variance = both * (1 - both) * (1 / Double(base.requests) + 1 / Double(new.requests))
        guard abs(base.share - new.share) > max(Self.margin, 3 * variance.squareRoot()) else { return }
        throw IncomparableError(
            "\(base.share.percent) of the requests of \(scenario) failed before and \(new.share.percent) after, "
                + "and an error is no fast answer")
    }
}
