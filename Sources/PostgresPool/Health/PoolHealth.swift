/// How the pool is, in a form for `/health`.
public struct PoolHealth: Sendable, Hashable, Codable {
    /// Whether a connection was proved alive recently or one can be made: false while connecting fails and no
    /// connection has answered since it began to.
    public let healthy: Bool
    /// How many connections are kept at least.
    public let min: Int
    /// How many connections there may be at most.
    public let max: Int
    /// How many are lent, or shared by statements, now.
    public let inUse: Int
    /// How many could be had now, by lending or making them: `max − in_use`, none while the pool is unhealthy.
    public let available: Int

    /// The names of the JSON form.
    private enum CodingKeys: String, CodingKey {
        case healthy
        case min
        case max
        case inUse = "in_use"
        case available
    }
}
