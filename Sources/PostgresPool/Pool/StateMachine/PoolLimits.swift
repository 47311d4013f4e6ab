/// The numbers by which the machine decides. Times in nanoseconds.
struct PoolLimits: Sendable {
    var minimum = 2
    var maximum = 10
    var acquireTimeout: UInt64 = 5_000_000_000
    var idleTimeout: UInt64 = 300_000_000_000
    var maximumLifetime: UInt64 = 1_800_000_000_000
    /// The lifetime is shortened by up to this share, so that connections made together do not end together.
    var lifetimeJitter = 0.1
    var keepAlive: UInt64 = 30_000_000_000
    var holdThreshold: UInt64 = 30_000_000_000
    /// How long the server may owe an answer without a word; nil when nothing bounds its statements.
    var silence: UInt64?
    /// How many statements may share a connection.
    var sharing = 64
    /// A shared connection with this many statements is a reason to make another.
    var sharingBeforeGrowth = 4
    /// When as many statements are under way, reads gather on few connections, where they share syncs, even while others
    /// are free. With fewer, a read waits for no other.
    var readsBeforeGathering = 8
    /// Reads join a connection only while it answers: within this time of its last answer, or of its first statement.
    var gatheringWindow: UInt64 = 2_000_000
    /// How many connects run at once while connecting works; one while it fails.
    var connectsAtOnce = 4
    var firstBackoff: UInt64 = 50_000_000
    /// Half a second at most, so that the pool is whole within a second of the return of the server.
    var longestBackoff: UInt64 = 500_000_000
    /// Wrong password, user or database: nothing that a quick retry mends, and some servers lock accounts.
    var longestBackoffNeedingMending: UInt64 = 5_000_000_000
    /// A connection that breaks unused within this time of being made is a reason to pause before the next.
    var shortLife: UInt64 = 1_000_000_000
    /// For how long connecting has to fail, with nothing left to lend, until waiters are failed at once.
    var breakerDelay: UInt64 = 2_000_000_000
    /// How long a waiter waits until the pool is called exhausted.
    var exhaustionDelay: UInt64 = 1_000_000_000
    /// The time between two warnings of exhaustion.
    var warningInterval: UInt64 = 10_000_000_000
    /// A write refused on a connection younger than this drops no other: they would be as read-only again.
    var demotionGrace: UInt64 = 1_000_000_000
    /// How often idle and lent connections are looked over.
    var maintenanceInterval: UInt64 {
        let shortest = min(idleTimeout, maximumLifetime, keepAlive, holdThreshold, silence ?? .max)
        return max(10_000_000, min(1_000_000_000, shortest / 4))
    }
}
