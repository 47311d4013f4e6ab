/// A duration in Postgres' own syntax for settings: a number and one of `us`, `ms`, `s`, `min`, `h`, `d`; without a unit
/// it is milliseconds for the server, and seconds for the pool's own settings.
///
/// See "Setting Parameters" in the
/// [PostgreSQL manual](https://www.postgresql.org/docs/current/config-setting.html).
enum PostgresDuration {
    private static let units: [(name: Substring, nanoseconds: Double)] = [
        ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("min", 60e9), ("h", 3600e9), ("d", 86_400e9),
    ]

    /// Reads the text.
    ///
    /// - Parameter unit: the unit of a bare number, in nanoseconds.
    /// - Returns: nil when the text is no duration, is negative or does not fit.
    static func parse(_ text: String, unit: Double) -> Duration? {
        let text = text.trimmingSpaces
        let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let name = text.dropFirst(digits.count).trimmingSpaces
        let factor = name.isEmpty ? unit : units.first { $0.name == name }?.nanoseconds
        guard let factor, let number = Double(digits), number.isFinite else { return nil }
        let nanoseconds = (number * factor).rounded()
        // Postgres keeps time-outs in milliseconds in 32 bits: about 24 days.
        guard nanoseconds <= Double(Int32.max) * 1e6 else { return nil }
        return .nanoseconds(Int64(nanoseconds))
    }
}

extension StringProtocol {
    fileprivate var trimmingSpaces: SubSequence {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
