/// Who made a commit, and when.
struct Signature: Hashable, Sendable, Codable {
    var name: String
    var email: String
    /// Seconds since 1970, UTC.
    var time: Int

    /// The form that commits hold: `name <email> seconds zone`.
    var text: String { "\(name) <\(email)> \(time) +0000" }
}
