import Foundation

/// A change as a page shows it: a sign, words and what it was, so that colour is never needed to read it.
struct ChangeView {
    let tone: String
    let sign: String
    let text: String

    /// A latency against the one before.
    init(latency change: Change) {
        tone = Self.tone(change)
        let was = change.before.map { "was \(Format.duration(nanoseconds: $0))" }
        switch (change.trend, was) {
        case (.worse, let was?): (sign, text) = ("▲", "\(Self.percent(change)) slower, \(was)")
        case (.better, let was?): (sign, text) = ("▼", "\(Self.percent(change)) faster, \(was)")
        case (.same, let was?): (sign, text) = ("=", "as before, \(was)")
        case (_, let was?): (sign, text) = ("", was)
        default: (sign, text) = ("", "too few before")
        }
    }

    /// An error rate against the one before.
    init(errorRate change: Change) {
        tone = Self.tone(change)
        guard let before = change.before else {
            (sign, text) = ("", "none before")
            return
        }
        let was = "was \(Format.percent(before))"
        switch change.trend {
        case .worse: (sign, text) = ("▲", "more, \(was)")
        case .better: (sign, text) = ("▼", "fewer, \(was)")
        default: (sign, text) = ("=", was)
        }
    }

    /// An amount that is neither good nor bad.
    init(amount change: Change, was: String) {
        tone = ""
        guard let relative = change.relative else {
            (sign, text) = ("", "none before")
            return
        }
        sign = relative > 0 ? "↑" : relative < 0 ? "↓" : "="
        text = abs(relative) < 0.005 ? "was \(was)" : "\(Self.percent(change)), was \(was)"
    }

    private static func tone(_ change: Change) -> String {
        change.trend == .worse ? "worse" : change.trend == .better ? "better" : ""
    }

    /// The relative change without its sign; beyond tenfold as a factor.
    private static func percent(_ change: Change) -> String {
        guard let relative = change.relative else { return "" }
        if relative >= 9 { return "\(Format.digits(relative + 1)) times" }
        return "\(Format.digits((abs(relative) * 100).rounded())) %"
    }
}
