/// The name of a git object in hexadecimal: 40 digits in a SHA-1 repository, 64 in a SHA-256 one.
public struct ObjectID: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The lower-case hexadecimal digits.
    public let hex: String

    /// Reads a full object name; `nil` for anything but 40 or 64 lower-case hexadecimal digits.
    public init?(_ hex: some StringProtocol) {
        guard hex.utf8.count == 40 || hex.utf8.count == 64,
            hex.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.hex = String(hex)
    }

    /// The object name in full.
    public var description: String { hex }

    /// The first ten digits, for people.
    public var short: String { String(hex.prefix(10)) }

    /// Whether this is the all-zero name that git writes for "no object".
    var isNull: Bool { hex.utf8.allSatisfy { $0 == 0x30 } }

    /// Reads an object name written as one JSON string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = ObjectID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no object name: \(text)")
        }
        self = value
    }

    /// Writes the object name as one JSON string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}
