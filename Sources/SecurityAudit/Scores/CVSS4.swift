/// The score of a CVSS 4.0 vector, such as `CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N`.
///
/// The method of macro-vectors: a table gives the score of the worst vector of its class; from it is taken the mean,
/// over the six equivalence sets, of how far this vector lies on the way to the next lower class. See section 8 of
/// <https://www.first.org/cvss/v4-0/specification-document>. Reckoned in whole numbers, so that rounding is exact.
struct CVSS4 {
    /// From 0.0 to 10.0, with one decimal.
    let score: Double

    /// `nil` when the vector is of another version, lacks one of the eleven base metrics or has a value there is not.
    init?(vector: String) {
        guard let given = CVSS.metrics(of: vector, after: "CVSS:4.0/"), let metrics = Metrics(given) else {
            return nil
        }
        guard metrics.haveImpact else {
            score = 0
            return
        }
        let macro = metrics.macroVector
        guard let worst = CVSS4Table.score(of: macro) else { return nil }
        // 840 is the least common multiple of all depths.
        var sum = 0
        var count = 0
        for (depth, distance, next) in metrics.steps(from: macro) {
            guard let next = next.compactMap(CVSS4Table.score).max() else { continue }
            count += 1
            sum += (worst - next) * distance * (840 / depth)
        }
        let unit = 840 * max(count, 1)
        let tenths = (2 * (worst * unit - sum) + unit) / (2 * unit)
        score = Double(min(max(tenths, 0), 100)) / 10
    }

    /// The class of a vector in each of the six equivalence sets, 0 the worst.
    struct MacroVector: Equatable {
        var eq1: Int
        var eq2: Int
        var eq3: Int
        var eq4: Int
        var eq5: Int
        var eq6: Int
    }
}

/// The metrics that matter to the score, as levels: 0 the worst value of a metric, and one more for each milder.
private struct Metrics {
    private let levels: [Substring: Int]

    /// The values of each metric from the worst on. `S`, safety, is one only for modified metrics.
    private static let values: [Substring: [Substring]] = [
        "AV": ["N", "A", "L", "P"], "AC": ["L", "H"], "AT": ["N", "P"], "PR": ["N", "L", "H"], "UI": ["N", "P", "A"],
        "VC": ["H", "L", "N"], "VI": ["H", "L", "N"], "VA": ["H", "L", "N"], "SC": ["S", "H", "L", "N"],
        "SI": ["S", "H", "L", "N"], "SA": ["S", "H", "L", "N"], "E": ["A", "P", "U"], "CR": ["H", "M", "L"],
        "IR": ["H", "M", "L"], "AR": ["H", "M", "L"],
    ]
    private static let optional: Set<Substring> = ["E", "CR", "IR", "AR"]

    init?(_ given: [Substring: Substring]) {
        var levels: [Substring: Int] = [:]
        for (metric, values) in Self.values {
            let isOptional = Self.optional.contains(metric)
            guard let base = given[metric] ?? (isOptional ? "X" : nil), isOptional || (base != "X" && base != "S")
            else {
                return nil
            }
            var value = base
            if !isOptional, let modified = given["M" + metric], modified != "X" {
                guard metric != "SC" || modified != "S" else { return nil }
                value = modified
            }
            // What is not defined counts as the worst.
            guard let level = value == "X" ? 0 : values.firstIndex(of: value) else { return nil }
            levels[metric] = level
        }
        self.levels = levels
    }

    private func level(_ metric: Substring) -> Int { levels[metric] ?? 0 }

    /// Whether anything is harmed at all.
    var haveImpact: Bool {
        ["VC", "VI", "VA"].contains { level($0) < 2 } || ["SC", "SI", "SA"].contains { level($0) < 3 }
    }

    var macroVector: CVSS4.MacroVector {
        let reach = ["AV", "PR", "UI"].count { level($0) == 0 }
        let severe = level("VC") == 0 && level("VI") == 0
        let demanded = [("VC", "CR"), ("VI", "IR"), ("VA", "AR")].contains { level($0) == 0 && level($1) == 0 }
        return CVSS4.MacroVector(
            eq1: reach == 3 ? 0 : reach > 0 && level("AV") != 3 ? 1 : 2,
            eq2: level("AC") == 0 && level("AT") == 0 ? 0 : 1,
            eq3: severe ? 0 : ["VC", "VI", "VA"].contains { level($0) == 0 } ? 1 : 2,
            eq4: level("SI") == 0 || level("SA") == 0 ? 0 : ["SC", "SI", "SA"].contains { level($0) == 1 } ? 1 : 2,
            eq5: level("E"), eq6: demanded ? 0 : 1)
    }

    /// For each equivalence set (3 and 6 together): how many steps it is deep, how many of them this vector lies below
    /// the worst of its class, and the macro-vectors that may come next.
    func steps(from macro: CVSS4.MacroVector) -> [(depth: Int, distance: Int, next: [CVSS4.MacroVector])] {
        func lower(_ change: (inout CVSS4.MacroVector) -> Void) -> CVSS4.MacroVector {
            var next = macro
            change(&next)
            return next
        }
        let joint: [CVSS4.MacroVector] =
            switch (macro.eq3, macro.eq6) {
            case (0, 0): [lower { $0.eq6 += 1 }, lower { $0.eq3 += 1 }]
            case (1, 0): [lower { $0.eq6 += 1 }]
            default: [lower { $0.eq3 += 1 }]
            }
        let jointDepth = macro.eq3 == 0 ? 7 - macro.eq6 : macro.eq3 == 1 ? 8 : 10
        return [
            ([1, 4, 5][macro.eq1], distance(to: Self.worst1[macro.eq1]), [lower { $0.eq1 += 1 }]),
            ([1, 2][macro.eq2], distance(to: Self.worst2[macro.eq2]), [lower { $0.eq2 += 1 }]),
            (jointDepth, distance(to: Self.worst36[macro.eq3][macro.eq6]), joint),
            ([6, 5, 4][macro.eq4], distance(to: [Self.worst4[macro.eq4]]), [lower { $0.eq4 += 1 }]),
            (1, 0, [lower { $0.eq5 += 1 }]),
        ]
    }

    /// The steps down from the first of some worst vectors that is at least as bad in every metric.
    private func distance(to worst: [[Substring: Int]]) -> Int {
        let reached = worst.first { $0.allSatisfy { level($0.key) >= $0.value } }
        return reached?.reduce(0) { $0 + level($1.key) - $1.value } ?? 0
    }

    // The worst vectors of each class, tables 25 to 29 of the specification.
    private static let worst1: [[[Substring: Int]]] = [
        [["AV": 0, "PR": 0, "UI": 0]],
        [["AV": 1, "PR": 0, "UI": 0], ["AV": 0, "PR": 1, "UI": 0], ["AV": 0, "PR": 0, "UI": 1]],
        [["AV": 3, "PR": 0, "UI": 0], ["AV": 1, "PR": 1, "UI": 1]],
    ]
    private static let worst2: [[[Substring: Int]]] = [
        [["AC": 0, "AT": 0]], [["AC": 1, "AT": 0], ["AC": 0, "AT": 1]],
    ]
    /// By EQ3, then EQ6.
    private static let worst36: [[[[Substring: Int]]]] = [
        [
            [["VC": 0, "VI": 0, "VA": 0, "CR": 0, "IR": 0, "AR": 0]],
            [
                ["VC": 0, "VI": 0, "VA": 1, "CR": 1, "IR": 1, "AR": 0],
                ["VC": 0, "VI": 0, "VA": 0, "CR": 1, "IR": 1, "AR": 1],
            ],
        ],
        [
            [
                ["VC": 1, "VI": 0, "VA": 0, "CR": 0, "IR": 0, "AR": 0],
                ["VC": 0, "VI": 1, "VA": 0, "CR": 0, "IR": 0, "AR": 0],
            ],
            [
                ["VC": 1, "VI": 0, "VA": 1, "CR": 0, "IR": 1, "AR": 0],
                ["VC": 1, "VI": 0, "VA": 0, "CR": 0, "IR": 1, "AR": 1],
                ["VC": 0, "VI": 1, "VA": 0, "CR": 1, "IR": 0, "AR": 1],
                ["VC": 0, "VI": 1, "VA": 1, "CR": 1, "IR": 0, "AR": 0],
                ["VC": 1, "VI": 1, "VA": 0, "CR": 0, "IR": 0, "AR": 1],
            ],
        ],
        [[], [["VC": 1, "VI": 1, "VA": 1, "CR": 0, "IR": 0, "AR": 0]]],
    ]
    private static let worst4: [[Substring: Int]] = [
        ["SC": 1, "SI": 0, "SA": 0], ["SC": 1, "SI": 1, "SA": 1], ["SC": 2, "SI": 2, "SA": 2],
    ]
}
