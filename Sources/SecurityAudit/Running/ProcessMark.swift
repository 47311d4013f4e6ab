import Foundation

/// A variable that a tool and all its descendants have in their environment, by which they are known on Linux.
///
/// Children inherit it whatever session or parent they are in. One that takes it out, or another user's, is not found.
struct ProcessMark: Sendable {
    private static let name = "PITWALL_TOOL"
    private let value = UUID().uuidString

    /// What is added to the tool's environment.
    var environment: [String: String] { [Self.name: value] }

    /// The processes that have it, but for those that have ended and wait to be collected.
    func bearers() -> [Int32] {
        let wanted = Data("\(Self.name)=\(value)".utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { name in
            // What has ended has an empty environment, see proc(5).
            guard let id = Int32(name), let text = FileManager.default.contents(atPath: "/proc/\(name)/environ"),
                text.range(of: wanted) != nil
            else { return nil }
            return id
        }
    }
}
