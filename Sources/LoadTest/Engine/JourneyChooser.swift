/// Chooses the scenarios of a mix in proportion to their weights and evenly spread, without chance: each gains its
/// weight a turn, the richest is chosen and pays the sum of all (nginx's smooth weighted round-robin).
struct JourneyChooser {
    struct Choice {
        let journey: Int
        let valueCount: Int
        /// The next row of the scenario's data; empty without data.
        let row: [[UInt8]]
    }

    private let journeys: [Journey]
    private let total: Int
    private let loops: Int
    private var credits: [Int]
    /// The next row of each scenario; loops take turns, so that together they use each row equally often.
    private var rows: [Int]

    init(_ journeys: [Journey], loop: Int, of loops: Int) {
        self.journeys = journeys
        self.loops = loops
        total = journeys.reduce(0) { $0 + $1.weight }
        credits = journeys.map { _ in 0 }
        rows = journeys.map { _ in loop }
    }

    mutating func next() -> Choice {
        var richest = 0
        for index in journeys.indices {
            credits[index] += journeys[index].weight
            if credits[index] > credits[richest] { richest = index }
        }
        credits[richest] -= total
        let count = journeys[richest].rows.count
        guard count > 0 else { return Choice(journey: richest, valueCount: journeys[richest].valueCount, row: []) }
        let row = journeys[richest].rows[rows[richest] % count]
        rows[richest] += loops
        return Choice(journey: richest, valueCount: journeys[richest].valueCount, row: row)
    }
}
