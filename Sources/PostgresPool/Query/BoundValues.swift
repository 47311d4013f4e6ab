import CLibPQ

/// The values bound to a statement, encoded one behind another in one piece of memory: a statement is made, copied and
/// dropped each time that it is run.
struct BoundValues: Sendable {
    /// How many there are.
    private(set) var count = 0

    /// Of each value its type and its length in bytes (-1 for `NULL`), four bytes each, then the value and a NUL, which libpq
    /// wants behind text.
    private var bytes: [UInt8] = []

    init() {}

    /// - Parameter capacity: how many values there will be, most likely.
    init(capacity: Int) {
        // As much as a number or a date takes; longer ones find room as they come.
        if capacity > 0 { bytes.reserveCapacity(capacity * (Self.headerSize + 8 + 1)) }
    }

    /// How much memory they take in bytes, at least as much as in a message to the server.
    var size: Int { bytes.count }

    /// Appends a value.
    mutating func append<Value: PostgresEncodable>(_ value: Value?) {
        let header = bytes.count
        append(type: Value.postgresType, length: -1)
        if let value {
            value.encode(into: &bytes)
            let (start, type) = (header + Self.headerSize, Value.postgresType)
            precondition(bytes.count >= start, "\(Value.self).encode(into:) took away bytes that are not its own")
            setLength(bytes.count - start, at: header)
            // Text with a NUL goes out as binary `text`, which the server refuses; as text libpq would cut it off silently.
            if type == .unknown, bytes[start...].contains(0) { setType(.text, at: header) }
        }
        bytes.append(0)
        count += 1
    }

    /// Appends the values of another statement.
    mutating func append(_ others: BoundValues) {
        bytes += others.bytes
        count += others.count
    }

    /// Whether the values are of the same types, in the same order.
    func haveTypes(of others: BoundValues) -> Bool {
        guard count == others.count else { return false }
        return bytes.withUnsafeBytes { left in
            others.bytes.withUnsafeBytes { right in
                var (position, otherPosition) = (0, 0)
                while position < left.count {
                    let (value, other) = (
                        Self.value(in: left, at: &position), Self.value(in: right, at: &otherPosition)
                    )
                    guard value.type == other.type else { return false }
                }
                return true
            }
        }
    }

    /// The same types, and no values: what is kept of a statement for long is not to hold them.
    var typesAlone: BoundValues {
        bytes.withUnsafeBytes { bytes in
            var (types, position) = (BoundValues(), 0)
            while position < bytes.count {
                types.append(type: PostgresType(rawValue: Self.value(in: bytes, at: &position).type), length: -1)
                types.bytes.append(0)
                types.count += 1
            }
            return types
        }
    }

    /// Calls the body with the values as libpq takes them: how many, their types, where they are, their lengths and their
    /// formats. The pointers are valid until it returns.
    func withParameters(
        _ body: (
            CInt, UnsafePointer<Oid>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
        ) -> CInt
    ) -> CInt {
        // On the stack: this happens with every statement.
        withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { pointers in
            withUnsafeTemporaryAllocation(of: Oid.self, capacity: count) { types in
                withUnsafeTemporaryAllocation(of: CInt.self, capacity: count * 2) { numbers in
                    bytes.withUnsafeBytes { bytes in
                        var position = 0
                        for index in 0..<count {
                            let value = Self.value(in: bytes, at: &position)
                            pointers.initializeElement(at: index, to: value.start?.assumingMemoryBound(to: CChar.self))
                            types.initializeElement(at: index, to: value.type)
                            numbers.initializeElement(at: index, to: max(0, value.length))
                            numbers.initializeElement(
                                at: count + index, to: value.type == PostgresType.unknown.rawValue ? 0 : 1)
                        }
                        return body(
                            CInt(count), types.baseAddress, pointers.baseAddress, numbers.baseAddress,
                            numbers.baseAddress?.advanced(by: count))
                    }
                }
            }
        }
    }

    // MARK: The layout

    private static let headerSize = 8

    private mutating func append(type: PostgresType, length: Int32) {
        withUnsafeBytes(of: (type.rawValue, length)) { bytes.append(contentsOf: $0) }
    }

    private mutating func setType(_ type: PostgresType, at header: Int) {
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: type.rawValue, toByteOffset: header, as: UInt32.self) }
    }

    /// Lengths that do not fit are of values that are refused before they are sent: ``PostgresQuery/flaw``.
    private mutating func setLength(_ length: Int, at header: Int) {
        let length = Int32(clamping: length)
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: length, toByteOffset: header + 4, as: Int32.self) }
    }

    /// The value whose header is at the position, which moves on to the next.
    private static func value(
        in bytes: UnsafeRawBufferPointer, at position: inout Int
    ) -> (type: UInt32, length: Int32, start: UnsafeRawPointer?) {
        precondition(position + headerSize <= bytes.count, "some encode(into:) changed bytes that are not its own")
        let type = bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)
        let length = bytes.loadUnaligned(fromByteOffset: position + 4, as: Int32.self)
        let start = position + headerSize
        position = start + Int(max(0, length)) + 1
        precondition(position <= bytes.count, "some encode(into:) changed bytes that are not its own")
        return (type, length, length < 0 ? nil : bytes.baseAddress?.advanced(by: start))
    }
}
