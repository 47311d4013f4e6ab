/// Small horizontal bars, drawn with attributes only, as a strict policy for styles wants it.
enum Bars {
    /// A share of a whole, 0 through 1.
    static func share(_ share: Double) -> String {
        var markup = Markup()
        markup.element("svg", [("aria-hidden", "true")]) { svg in
            svg.element("rect", [("width", number(min(1, max(0, share)) * 100) + "%"), ("height", "100%")])
        }
        return markup.text
    }

    /// The statuses of a route as parts of one bar.
    static func statuses(_ classes: [StatusClass]) -> String {
        var markup = Markup()
        let label = classes.map { "\($0.name) \(Format.percent($0.share))" }.joined(separator: ", ")
        markup.element("svg", [("class", "mix"), ("role", "img"), ("aria-label", "Statuses: \(label)")]) { svg in
            var left = 0.0
            for status in classes {
                svg.element(
                    "rect",
                    [
                        ("class", "s\(status.digit)"), ("x", number(left * 100) + "%"),
                        ("width", number(status.share * 100) + "%"), ("height", "100%"),
                    ])
                left += status.share
            }
        }
        return markup.text
    }
}

/// The requests whose status begins with one digit.
struct StatusClass: Hashable {
    /// 1 through 5; 0 where the status is not known.
    let digit: Int
    let requests: UInt64
    let share: Double

    var name: String { digit == 0 ? "unknown" : "\(digit)xx" }

    /// The classes of some figures in order, the empty ones left out.
    static func all(of figures: Figures) -> [StatusClass] {
        (0...5).compactMap { digit in
            let requests = figures.statuses.reduce(UInt64(0)) { $1.key / 100 == digit ? $0 + $1.value : $0 }
            guard requests > 0 else { return nil }
            return StatusClass(digit: digit, requests: requests, share: Double(requests) / Double(figures.requests))
        }
    }
}
