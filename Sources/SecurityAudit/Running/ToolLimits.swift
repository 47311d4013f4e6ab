/// How long a scanner may take and how much memory it and its children may hold together.
public struct ToolLimits: Sendable, Hashable {
    /// From start to end.
    public var time: Duration
    /// Resident bytes of the process and all its descendants.
    public var memory: Int

    /// Ten minutes and 4 GiB unless said otherwise.
    public init(time: Duration = .seconds(600), memory: Int = 4 << 30) {
        self.time = time
        self.memory = memory
    }
}
