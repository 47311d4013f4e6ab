/// Who made a commit, and when.
struct Signature: Hashable, Sendable, Codable {
    var name: String
    var email: String
    /// Seconds since 1970, UTC.
    var time: Int

    /// For machines where git does not know the user, such as a fresh container.
    static func standIn(time: Int) -> Signature {
        Signature(name: "Pitwall", email: "pitwall@localhost", time: time)
    }

    /// Whether nobody said who makes the commits.
    var isStandIn: Bool { self == .standIn(time: time) }

    /// The form that commits hold: `name <email> seconds zone`.
    var text: String { "\(name) <\(email)> \(time) +0000" }
}
