/// How it went when a statement's answer was looked for, and so whether to look for the next one.
struct PollingRecord {
    /// For how long a task looks at least, in nanoseconds. On a machine with the server on it most short statements take less,
    /// and rousing a thread alone takes up to as much where a halted core has to be woken.
    static let limit: UInt64 = 60_000
    /// How often it looks at least: where others have the processor and the thread between two looks, so much of the time is
    /// theirs that the answer may well be late and yet soon.
    static let fewestLooks = 50
    /// Who gets the processor back later than this, in nanoseconds, has offered it to others who want it, and has it again
    /// after their time slices, where a thread that sleeps would be woken before.
    static let tooLong: UInt64 = 1_000_000
    /// For how long a task looks at most, in nanoseconds, however often: others may hold the thread for long, and a socket
    /// that is watched is read without it.
    static let longest: UInt64 = 5_000_000
    /// After how many searches on a connection the task gives its thread to others.
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

    /// Takes note of how a run's looking ended. Each run in vain in a row doubles the runs without looking, so that a server
    /// far away costs one look in a thousand statements. One answer that is read late is by chance, two in a row are not.
    ///
    /// - Parameter offered: for how long others had the processor before the last look, in nanoseconds.
    mutating func note(offered: UInt64, isAnswered: Bool) {
        guard !isAnswered || offered > Self.tooLong else {
            misses = 0
            return
        }
        if !isAnswered || misses > 0 {
            let runs = max(Self.limit, offered) / Self.share
            pause = min(Self.longestPause, runs << min(misses, 10))
        }
        misses += 1
    }
}
