import Configuration

/// Sizes as people write them: 50MB, 2 GB, 65536.
enum ByteSize {
    private static let units: [(suffix: String, bytes: Double)] = [
        ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("kib", 1_024), ("mib", 1_048_576), ("gib", 1_073_741_824), ("b", 1),
    ]

    /// The least budget: an empty schema with its indexes takes a good part of it.
    private static let least = 1_000_000.0

    static func read(_ config: ConfigReader, default fallback: Int) throws(SettingError) -> Int {
        guard let text = config.string(forKey: "pitwall.keep"), !text.isEmpty else { return fallback }
        guard let bytes = parse(text), bytes >= least, bytes <= 1e12 else {
            throw SettingError(
                setting: "--keep or PITWALL_KEEP", value: text,
                allowed: "a size from 1MB to 1000GB, such as 50MB or 2GiB")
        }
        return Int(bytes)
    }

    static func text(_ bytes: Int) -> String { "\(bytes / 1_000_000)MB" }

    private static func parse(_ text: String) -> Double? {
        let lower = text.lowercased().filter { $0 != " " }
        let number = lower.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = lower.dropFirst(number.count)
        guard let value = Double(number) else { return nil }
        if suffix.isEmpty { return value }
        guard let unit = units.first(where: { $0.suffix == suffix }) else { return nil }
        return value * unit.bytes
    }
}
