/// Method, status and surface of a series in one small number, bounded whatever a client sends.
struct SeriesCode: Hashable {
    let rawValue: UInt32

    /// Known methods by number: those of RFC 9110, and PATCH (RFC 5789). Number 0 stands for all others.
    private static let methods = [
        SeriesKey.otherMethod, "GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "CONNECT", "TRACE", "QUERY",
    ]

    @inline(__always)
    init(method: String, status: Int, surface: Surface) {
        let bounded = UInt32(truncatingIfNeeded: status &- 100 < 500 && status >= 100 ? status : 0)
        rawValue = Self.number(of: method) << 16 | bounded << 1 | UInt32(surface.rawValue)
    }

    /// What a route is entered under so that a look-up can tell a known route from a new one.
    static let route = SeriesCode(rawValue: .max)

    private init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    @inline(__always)
    private static func number(of method: String) -> UInt32 {
        // Strings this short are compared in registers, the most frequent first.
        method == "GET" ? 1 : rareNumber(of: method)
    }

    @inline(never)
    private static func rareNumber(of method: String) -> UInt32 {
        UInt32(methods.dropFirst().firstIndex(of: method) ?? 0)
    }

    var method: String { Self.methods[Int(rawValue >> 16) % Self.methods.count] }

    var status: Int { Int(rawValue >> 1 & 0x7FFF) }

    var surface: Surface { rawValue & 1 == 0 ? .service : .dashboard }
}
