/// Runs tasks on the threads that read the server's answers, so that an answer costs no hop to another thread.
///
/// ```swift
/// await withTaskExecutorPreference(PostgresTaskExecutor.shared) {
///     try await pool.query("SELECT count(*) FROM permits")
/// }
/// ```
/// For tasks that do little else than ask the database. There are two such threads at most, and all pools of the process
/// read on them: whatever computes for long or blocks on one holds up its connections.
public final class PostgresTaskExecutor: TaskExecutor {
    /// The only one.
    public static let shared = PostgresTaskExecutor()

    private init() {}

    /// Called by the Swift runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        // A task that an answer has woken goes on where the answer was read.
        (ReadinessThread.current ?? .next()).run(UnownedJob(job), for: asUnownedTaskExecutor())
    }
}
