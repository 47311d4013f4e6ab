/// How it went when a statement's answer was looked for, and so whether to look for the next one.
struct PollingRecord {
    /// For how long a task looks, in nanoseconds. On a machine with the server on it most short statements take less, and
    /// rousing a thread alone takes up to as much where a halted core has to be woken.
    static let limit: UInt64 = 60_000
    /// An answer that took longer than this is one too late, in nanoseconds: others want the processor, and whoever offers
    /// it to them gets it back after their time slices, where a thread that sleeps would be woken before.
    static let tooLate: UInt64 = 1_000_000
    /// After how many looks on a connection the thread is given to other tasks.
    static let turn = 32
    /// The time in vain that each run pays for, in nanoseconds.
    private static let share: UInt64 = 20_000
    private static let longestPause: UInt64 = 1_024

    /// How many runs are left until the answer is looked for again.
    private var pause: UInt64 = 0
    /// How many looks in a row were in vain.
    private var misses: UInt64 = 0

    /// Whether this run's answer is to be looked for; asked once a run.
    mutating func isDue() -> Bool {
        guard pause > 0 else { return true }
        pause -= 1
        return false
    }

    /// Takes note of how long a task looked, in nanoseconds. Each look in vain in a row doubles the runs without one, so
    /// that a server far away costs one look in a thousand statements.
    mutating func note(waited: UInt64, isAnswered: Bool) {
        guard !isAnswered || waited > Self.tooLate else {
            misses = 0
            return
        }
        pause = min(Self.longestPause, max(1, waited / Self.share) << min(misses, 10))
        misses += 1
    }
}
