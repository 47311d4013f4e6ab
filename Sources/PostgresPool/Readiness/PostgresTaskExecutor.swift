/// Runs tasks on the thread that reads the server's answers, so that an answer costs no hop to another thread.
///
/// ```swift
/// await withTaskExecutorPreference(PostgresTaskExecutor.shared) {
///     try await pool.query("SELECT count(*) FROM permits")
/// }
/// ```
/// For tasks that do little else than ask the database. It is one thread, and all pools of the process read on it:
/// whatever computes for long or blocks on it holds up every connection.
public final class PostgresTaskExecutor: TaskExecutor {
    /// The only one.
    public static let shared = PostgresTaskExecutor()

    private init() {}

    /// Called by the Swift runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        ReadinessThread.shared.run(UnownedJob(job), for: asUnownedTaskExecutor())
    }
}
