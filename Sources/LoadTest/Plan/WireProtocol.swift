/// What is spoken with a target, encryption included. The raw value is what results name.
enum WireProtocol: String, Sendable, Hashable, Codable {
    case http1 = "http/1.1"
    case https1 = "https/1.1"
    /// HTTP/2 with prior knowledge, without encryption.
    case h2c
    case h2

    init(isSecure: Bool, usesHTTP2: Bool) {
        self = usesHTTP2 ? (isSecure ? .h2 : .h2c) : (isSecure ? .https1 : .http1)
    }

    var isSecure: Bool { self == .https1 || self == .h2 }
    var usesHTTP2: Bool { self == .h2c || self == .h2 }
}
