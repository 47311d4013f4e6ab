#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A timestamp in the form that Postgres prints with `DateStyle` ISO: `2026-11-23 14:05:09.25+05:30`, `… BC`.
///
/// Only statements run once are fetched as text, so this is written for clarity, not for speed.
struct TimestampText {
    let date: Date

    init?(_ text: String) {
        var rest = text[...]
        let isBeforeChrist = rest.hasSuffix(" BC")
        if isBeforeChrist { rest = rest.dropLast(3) }

        func number(upTo digits: Int) -> Int? {
            let prefix = rest.prefix(digits).prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(prefix.count)
            return Int(prefix)
        }
        func skip(_ character: Character) -> Bool {
            guard rest.first == character else { return false }
            rest.removeFirst()
            return true
        }

        guard let year = number(upTo: 7), skip("-"), let month = number(upTo: 2), skip("-"),
            let day = number(upTo: 2), skip(" "), let hour = number(upTo: 2), skip(":"),
            let minute = number(upTo: 2), skip(":"), let second = number(upTo: 2)
        else { return nil }

        var fraction = 0.0
        if skip(".") {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            fraction = Double("0.\(digits)") ?? 0
        }

        var offset = 0
        if let sign = rest.first {
            guard sign == "+" || sign == "-" else { return nil }
            rest.removeFirst()
            var unit = 3600
            repeat {
                guard let part = number(upTo: 2) else { return nil }
                offset += part * unit
                unit /= 60
            } while skip(":")
            if sign == "-" { offset = -offset }
        }
        guard rest.isEmpty, (1...12).contains(month), (1...31).contains(day) else { return nil }

        let days = Self.days(year: isBeforeChrist ? 1 - year : year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        date = Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar that Postgres uses: years start in March, so that the
    /// leap day is the last of its year (Howard Hinnant, "chrono-compatible low-level date algorithms").
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
