/// A value that can be read from a column.
public protocol PostgresDecodable: Sendable {
    /// Reads the value.
    ///
    /// - Returns: nil when the column's type or its content is not one that this type can hold.
    static func decode(_ cell: PostgresCell) -> Self?

    /// What `NULL` becomes: nil for a type that cannot hold it, which makes reading it an error.
    static var decodedNull: Self? { get }
}

extension PostgresDecodable {
    /// No value: `NULL` is an error unless the type is optional.
    public static var decodedNull: Self? { nil }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// Reads the wrapped type.
    public static func decode(_ cell: PostgresCell) -> Wrapped?? {
        guard let value = Wrapped.decode(cell) else { return nil }
        return .some(value)
    }

    /// `NULL` is nil.
    public static var decodedNull: Wrapped?? { .some(nil) }
}

/// The content of one column of one row, as the server sent it.
public struct PostgresCell {
    /// The type of the column.
    public let type: PostgresType
    /// Whether the bytes are in the binary format of the type; else they are text.
    public let isBinary: Bool
    /// The content. It lies in the result's own memory: valid until ``PostgresDecodable/decode(_:)`` returns, no longer.
    public let bytes: UnsafeRawBufferPointer

    /// The content as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
