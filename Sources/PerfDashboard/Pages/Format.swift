import Foundation

/// Numbers as a reader wants them: few digits, a unit, the same everywhere.
enum Format {
    /// A duration in three significant digits: `412 ns`, `8.24 ms`, `1.24 s`, `2.1 min`.
    static func duration(nanoseconds: Double) -> String {
        let (number, unit) = durationParts(nanoseconds: nanoseconds)
        return "\(number) \(unit)"
    }

    /// The number and the unit apart, for the large figures of the page.
    static func durationParts(nanoseconds: Double) -> (number: String, unit: String) {
        switch nanoseconds {
        case ..<999.5: (digits(nanoseconds), "ns")
        case ..<999_500: (digits(nanoseconds / 1e3), "µs")
        case ..<999_500_000: (digits(nanoseconds / 1e6), "ms")
        case ..<99.95e9: (digits(nanoseconds / 1e9), "s")
        case ..<5_970e9: (digits(nanoseconds / 60e9), "min")
        default: (digits(nanoseconds / 3_600e9), "h")
        }
    }

    /// A whole number in groups of three: `1,234,567`.
    static func count(_ value: UInt64) -> String {
        let digits = String(value)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        return grouped
    }

    /// A count for a large figure: whole below 100,000, then `1.24 M`.
    static func countParts(_ value: UInt64) -> (number: String, unit: String) {
        switch value {
        case ..<100_000: (count(value), "")
        case ..<999_500: (digits(Double(value) / 1e3), "k")
        case ..<999_500_000: (digits(Double(value) / 1e6), "M")
        default: (digits(Double(value) / 1e9), "G")
        }
    }

    /// A share as a percentage: `0 %`, `0.02 %`, `12.5 %`.
    static func percent(_ share: Double) -> String {
        "\(percentNumber(share)) %"
    }

    static func percentNumber(_ share: Double) -> String {
        let value = share * 100
        if value == 0 { return "0" }
        if value < 0.01 { return "<0.01" }
        return digits((value * 100).rounded() / 100)
    }

    /// Bytes in powers of 1,000, as disks are sold: `4.2 MB`.
    static func bytes(_ value: Double) -> String {
        switch value {
        case ..<999.5: "\(digits(value)) B"
        case ..<999_500: "\(digits(value / 1e3)) kB"
        case ..<999_500_000: "\(digits(value / 1e6)) MB"
        default: "\(digits(value / 1e9)) GB"
        }
    }

    /// Three significant digits, without an exponent and without trailing zeros after the point.
    static func digits(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let decimals = abs(value) >= 99.95 ? 0 : abs(value) >= 9.995 ? 1 : abs(value) >= 0.0995 ? 2 : 3
        let text = String(format: "%.\(decimals)f", value)
        guard text.contains(".") else { return text }
        return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }

    /// An instant in UTC: `13:05`, `13:05:22`, `23 Nov 13:05`, `2026-11-23 13:05:22 UTC`.
    static func time(_ date: Date, _ style: TimeStyle) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let (year, month, day) = (parts.year ?? 0, parts.month ?? 1, parts.day ?? 1)
        let clock = String(format: "%02d:%02d", parts.hour ?? 0, parts.minute ?? 0)
        let second = String(format: "%02d", parts.second ?? 0)
        return switch style {
        case .clock: clock
        case .clockWithSeconds: "\(clock):\(second)"
        case .day: "\(day) \(months[(month - 1) % 12])"
        case .dayAndClock: "\(day) \(months[(month - 1) % 12]) \(clock)"
        case .full: String(format: "%04d-%02d-%02d %@:%@ UTC", year, month, day, clock, second)
        }
    }

    enum TimeStyle {
        case clock
        case clockWithSeconds
        case day
        case dayAndClock
        case full
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
