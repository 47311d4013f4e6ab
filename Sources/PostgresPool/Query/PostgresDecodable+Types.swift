#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension PostgresCell {
    /// The content as an integer in network byte order, nil when it has another size.
    func bigEndian<Integer: FixedWidthInteger>(as type: Integer.Type) -> Integer? {
        guard bytes.count == MemoryLayout<Integer>.size else { return nil }
        return Integer(bigEndian: bytes.loadUnaligned(as: Integer.self))
    }

    fileprivate func integer<Integer: FixedWidthInteger>() -> Integer? {
        guard isBinary else { return Integer(text) }
        switch type {
        case .int8: return bigEndian(as: Int64.self).flatMap(Integer.init(exactly:))
        case .int4: return bigEndian(as: Int32.self).flatMap(Integer.init(exactly:))
        case .int2: return bigEndian(as: Int16.self).flatMap(Integer.init(exactly:))
        case .oid: return bigEndian(as: UInt32.self).flatMap(Integer.init(exactly:))
        default: return nil
        }
    }
}

extension Int: PostgresDecodable {
    /// Any integer column whose value fits.
    public static func decode(_ cell: PostgresCell) -> Int? { cell.integer() }
}

extension Int16: PostgresDecodable {
    /// Any integer column whose value fits.
    public static func decode(_ cell: PostgresCell) -> Int16? { cell.integer() }
}

extension Int32: PostgresDecodable {
    /// Any integer column whose value fits.
    public static func decode(_ cell: PostgresCell) -> Int32? { cell.integer() }
}

extension Int64: PostgresDecodable {
    /// Any integer column whose value fits.
    public static func decode(_ cell: PostgresCell) -> Int64? { cell.integer() }
}

extension UInt32: PostgresDecodable {
    /// Any integer column whose value fits; the type of an `oid`.
    public static func decode(_ cell: PostgresCell) -> UInt32? { cell.integer() }
}

extension Double: PostgresDecodable {
    /// `real`, `double precision`, any integer and `numeric`, rounded to the nearest.
    public static func decode(_ cell: PostgresCell) -> Double? {
        guard cell.isBinary else { return Double(cell.text) }
        switch cell.type {
        case .float8: return cell.bigEndian(as: UInt64.self).map(Double.init(bitPattern:))
        case .float4: return cell.bigEndian(as: UInt32.self).map { Double(Float(bitPattern: $0)) }
        default: return Int64.decode(cell).map(Double.init)
        }
    }
}

extension Float: PostgresDecodable {
    /// What `Double` reads, rounded to the nearest.
    public static func decode(_ cell: PostgresCell) -> Float? { Double.decode(cell).map(Float.init) }
}

extension Bool: PostgresDecodable {
    /// `boolean`
    public static func decode(_ cell: PostgresCell) -> Bool? {
        guard cell.type == .bool, cell.bytes.count == 1 else { return nil }
        return cell.isBinary ? cell.bytes[0] != 0 : cell.bytes[0] == UInt8(ascii: "t")
    }
}

extension String: PostgresDecodable {
    /// Text of any kind, and every other type in the form that Postgres prints.
    public static func decode(_ cell: PostgresCell) -> String? {
        guard cell.isBinary else { return cell.text }
        switch cell.type {
        case .text, .varchar, .bpchar, .name: return cell.text
        case .int8, .int4, .int2, .oid: return Int64.decode(cell).map(String.init)
        case .float4: return cell.bigEndian(as: UInt32.self).map { "\(Float(bitPattern: $0))" }
        case .float8: return Double.decode(cell).map { "\($0)" }
        case .bool: return Bool.decode(cell).map { $0 ? "t" : "f" }
        case .uuid: return UUID.decode(cell)?.uuidString.lowercased()
        default: return nil
        }
    }
}

extension UUID: PostgresDecodable {
    /// `uuid`, and text in its form.
    public static func decode(_ cell: PostgresCell) -> UUID? {
        guard cell.isBinary, cell.type == .uuid else { return UUID(uuidString: cell.text) }
        guard cell.bytes.count == 16 else { return nil }
        return UUID(uuid: cell.bytes.loadUnaligned(as: uuid_t.self))
    }
}

extension Data: PostgresDecodable {
    /// `bytea`
    public static func decode(_ cell: PostgresCell) -> Data? {
        guard cell.type == .bytea else { return nil }
        guard !cell.isBinary else { return Data(cell.bytes) }
        // Text form: \x and two digits a byte (the `bytea_output` that the pool's connections are given).
        guard cell.bytes.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "x")]) else { return nil }
        let digits = cell.bytes.dropFirst(2).map { Character(UnicodeScalar($0)).hexDigitValue }
        var data = Data(capacity: digits.count / 2)
        for index in stride(from: 0, to: digits.count - 1, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            data.append(UInt8(high << 4 | low))
        }
        return data
    }
}

extension Date: PostgresDecodable {
    /// `timestamp with time zone`; `timestamp` is taken as UTC. Infinity is no date.
    public static func decode(_ cell: PostgresCell) -> Date? {
        guard cell.type == .timestamptz || cell.type == .timestamp else { return nil }
        guard cell.isBinary else { return TimestampText(cell.text)?.date }
        guard let microseconds = cell.bigEndian(as: Int64.self), microseconds != .min, microseconds != .max else {
            return nil
        }
        return Date(timeIntervalSince1970: postgresEpoch + Double(microseconds) / 1_000_000)
    }
}
