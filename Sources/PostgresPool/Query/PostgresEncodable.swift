#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A value that can be bound to a parameter, sent in Postgres' binary format.
public protocol PostgresEncodable: Sendable {
    /// The type that the server is told. With `unknown` the server infers it, and ``encode(into:)`` gives text.
    static var postgresType: PostgresType { get }

    /// Appends the value in the binary format of its type (network byte order), without a length.
    func encode(into bytes: inout [UInt8])
}

/// A value that can be an element of an array parameter.
public protocol PostgresArrayElement: PostgresEncodable {
    /// The type of an array of this type.
    static var postgresArrayType: PostgresType { get }
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
    /// The array type of the elements' type.
    public static var postgresType: PostgresType { Element.postgresArrayType }

    /// Appends the one-dimensional array: dimensions, flags, element type, length, lower bound, then the elements.
    public func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(Int32(isEmpty ? 0 : 1))
        bytes.appendBigEndian(Int32(0))
        bytes.appendBigEndian((Element.postgresType == .unknown ? .text : Element.postgresType).rawValue)
        guard !isEmpty else { return }
        bytes.appendBigEndian(Int32(truncatingIfNeeded: count))
        bytes.appendBigEndian(Int32(1))
        for element in self {
            let start = bytes.count
            bytes.appendBigEndian(Int32(0))
            element.encode(into: &bytes)
            bytes.overwriteBigEndian(Int32(truncatingIfNeeded: bytes.count - start - 4), at: start)
        }
    }
}

extension Bool: PostgresArrayElement {
    /// `boolean`
    public static var postgresType: PostgresType { .bool }
    /// `boolean[]`
    public static var postgresArrayType: PostgresType { .boolArray }
    /// One byte, 0 or 1.
    public func encode(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
}

extension Int16: PostgresArrayElement {
    /// `smallint`
    public static var postgresType: PostgresType { .int2 }
    /// `smallint[]`
    public static var postgresArrayType: PostgresType { .int2Array }
    /// Two bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
}

extension Int32: PostgresArrayElement {
    /// `integer`
    public static var postgresType: PostgresType { .int4 }
    /// `integer[]`
    public static var postgresArrayType: PostgresType { .int4Array }
    /// Four bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
}

extension Int64: PostgresArrayElement {
    /// `bigint`
    public static var postgresType: PostgresType { .int8 }
    /// `bigint[]`
    public static var postgresArrayType: PostgresType { .int8Array }
    /// Eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
}

extension Int: PostgresArrayElement {
    /// `bigint`
    public static var postgresType: PostgresType { .int8 }
    /// `bigint[]`
    public static var postgresArrayType: PostgresType { .int8Array }
    /// Eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(Int64(self)) }
}

extension Float: PostgresArrayElement {
    /// `real`
    public static var postgresType: PostgresType { .float4 }
    /// `real[]`
    public static var postgresArrayType: PostgresType { .float4Array }
    /// Four bytes, IEEE 754.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(bitPattern) }
}

extension Double: PostgresArrayElement {
    /// `double precision`
    public static var postgresType: PostgresType { .float8 }
    /// `double precision[]`
    public static var postgresArrayType: PostgresType { .float8Array }
    /// Eight bytes, IEEE 754.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(bitPattern) }
}

extension String: PostgresArrayElement {
    /// Inferred by the server, so that text can be given for a `jsonb`, a `date`, an `inet` or an enumeration.
    public static var postgresType: PostgresType { .unknown }
    /// `text[]`
    public static var postgresArrayType: PostgresType { .textArray }
    /// The bytes of the UTF-8 form; the server refuses a NUL among them.
    public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
}

extension UUID: PostgresArrayElement {
    /// `uuid`
    public static var postgresType: PostgresType { .uuid }
    /// `uuid[]`
    public static var postgresArrayType: PostgresType { .uuidArray }
    /// Sixteen bytes.
    public func encode(into bytes: inout [UInt8]) {
        withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) }
    }
}

extension Data: PostgresArrayElement {
    /// `bytea`
    public static var postgresType: PostgresType { .bytea }
    /// `bytea[]`
    public static var postgresArrayType: PostgresType { .byteaArray }
    /// The bytes as they are.
    public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: self) }
}

extension Date: PostgresArrayElement {
    /// `timestamp with time zone`
    public static var postgresType: PostgresType { .timestamptz }
    /// `timestamp with time zone[]`
    public static var postgresArrayType: PostgresType { .timestamptzArray }
    /// Microseconds since 2000-01-01 00:00 UTC, rounded to the nearest; clamped to what `bigint` holds.
    public func encode(into bytes: inout [UInt8]) {
        let microseconds = ((timeIntervalSince1970 - Date.postgresEpoch) * 1_000_000).rounded()
        bytes.appendBigEndian(Int64(exactly: microseconds) ?? (microseconds < 0 ? .min : .max))
    }

    /// 2000-01-01 00:00 UTC in seconds since 1970.
    static let postgresEpoch: Double = 946_684_800
}

extension [UInt8] {
    mutating func appendBigEndian<Integer: FixedWidthInteger>(_ value: Integer) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func overwriteBigEndian(_ value: Int32, at index: Int) {
        Swift.withUnsafeBytes(of: value.bigEndian) { replaceSubrange(index..<index + 4, with: $0) }
    }
}
