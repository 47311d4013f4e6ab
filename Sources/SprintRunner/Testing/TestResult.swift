/// What the tests say of one commit.
struct TestResult: Hashable, Sendable, Codable {
    var commit: ObjectID
    var passed: Bool
    /// How a failing command ended.
    var reason: String?
    /// The file that holds the output.
    var log: String
    var seconds: Double
    /// The round of the search in which the commit was tested, counted from 1.
    var round: Int
}
