extension String {
    /// The text as a terminal may be shown it: what would move its cursor or give it orders is written out (`\x1b`).
    ///
    /// Line ends and tabs stay. What agents write into logs, commits and files is theirs, and stands in reports.
    var printable: String {
        guard unicodeScalars.contains(where: { Self.isOrder($0) || $0 == "\r" }) else { return self }
        var result = String.UnicodeScalarView()
        var scalars = unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            if Self.isOrder(scalar) || (scalar == "\r" && scalars.first != "\n") {
                let number = String(scalar.value, radix: 16)
                result += "\\x\(number.count < 2 ? "0" : "")\(number)".unicodeScalars
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static func isOrder(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a, 0x0d: false
        case ..<0x20, 0x7f..<0xa0: true
        default: false
        }
    }
}
