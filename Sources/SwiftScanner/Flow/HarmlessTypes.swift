/// Types whose values cannot carry text from outside.
enum HarmlessTypes {
    static let names: Set<String> = [
        "Int", "Int8", "Int16", "Int32", "Int64", "UInt", "UInt8", "UInt16", "UInt32", "UInt64", "Double", "Float",
        "CGFloat", "Bool", "UUID", "Date", "Decimal", "TimeInterval", "StaticString", "CInt", "CUnsignedInt", "CLong",
        "ObjectIdentifier", "DateComponents", "Range", "ClosedRange", "Duration", "pid_t", "Calendar", "TimeZone",
        "Int128", "UInt128", "size_t", "Float32", "Float64", "mode_t",
    ]

    /// Whether a written type is one of them, optional or in an array included.
    static func contains(_ type: String?) -> Bool {
        guard var type = type.map({ $0[...] }) else { return false }
        while let last = type.last, last == "?" || last == "!" { type.removeLast() }
        if type.hasPrefix("["), type.hasSuffix("]") { type = type.dropFirst().dropLast() }
        if type.hasSuffix("...") { type = type.dropLast(3) }
        // Bytes are what texts are made of.
        if type == "UInt8" { return false }
        return names.contains(String(type))
    }

    /// Whether a written type is a query whose interpolations become bound arguments: PostgresNIO's, GRDB's, SQLKit's.
    static func bindsSQL(_ type: String?) -> Bool {
        guard let name = type?.prefix(while: { $0 != "<" && $0 != "?" }) else { return false }
        return ["PostgresQuery", "SQL", "SQLRequest", "SQLQueryString"].contains(name)
    }
}
