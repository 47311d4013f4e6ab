public import Foundation

/// A moment that every chart shows: a deployment, a change of settings.
public struct ReleaseMark: Sendable, Hashable {
    /// What happened, for people: `deploy 1.4.2`. At most ``maximumLength`` characters, on one line.
    public let name: String

    /// When.
    public let at: Date

    /// Longer names are cut.
    public static let maximumLength = 200

    /// Makes a mark; line breaks in `name` become spaces, surrounding space goes, and the rest is cut to length.
    public init(name: String, at: Date) {
        let line = name.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.name = String(line.trimmingCharacters(in: .whitespaces).prefix(Self.maximumLength))
        self.at = at
    }

    /// Refuses a mark that nobody could tell from another.
    package func requireName() throws(MetricsStoreError) {
        guard name.isEmpty else { return }
        throw MetricsStoreError(
            .invalid, value: "mark", reason: "it has no name", mend: "Name it, for example: deploy 1.4.2")
    }
}
