/// A steady rise or fall in a series, by the Mann-Kendall test and the Theil-Sen slope: neither is moved by outliers.
struct Trend {
    /// How much the fitted line changes from the first value to the last, in relation to the median.
    let relativeChange: Double
    /// How many standard deviations the number of rising pairs is away from that of a series without a trend.
    let score: Double

    /// Less likely than 1 in 10,000 without a trend.
    var isCertain: Bool { abs(score) > 3.9 }

    /// `nil` for fewer than 10 values.
    init?(_ values: [Double]) {
        guard values.count >= 10 else { return nil }
        var rising = 0
        var slopes: [Double] = []
        for later in values.indices {
            for earlier in values.indices where earlier < later {
                let difference = values[later] - values[earlier]
                rising += difference > 0 ? 1 : difference < 0 ? -1 : 0
                slopes.append(difference / Double(later - earlier))
            }
        }
        slopes.sort()
        let count = Double(values.count)
        score = Double(rising) / (count * (count - 1) * (2 * count + 5) / 18).squareRoot()
        let middle = values.sorted()[values.count / 2]
        relativeChange = middle > 0 ? slopes[slopes.count / 2] * (count - 1) / middle : 0
    }
}
