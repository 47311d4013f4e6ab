public import Foundation

/// Where counts and examples are kept.
///
/// A store may be slow, full or gone: the drain keeps what it could not write and comes back. Every method throws
/// ``MetricsStoreError``.
public protocol MetricsStore: Sendable {
    /// Brings the schema up to date. Idempotent, and safe when several processes start at once.
    func migrate() async throws

    /// The expected tables that are missing, `request_metrics` among the expected; empty when all are there.
    func missingTables() async throws -> [String]

    /// Keeps a batch in one transaction: all of it or nothing, and once however often it is written.
    func write(_ batch: MetricsBatch) async throws

    /// Deletes what is too old or beyond the byte budget, in small steps. The drain calls it after a write.
    ///
    /// - Parameter now: what ages are counted from.
    func trim(now: Date) async throws

    /// Reads a stretch of time. Never waits for a writer.
    func read(_ query: MetricsQuery) async throws -> MetricsWindow

    /// The slowest rows of a stretch of time, slowest first.
    ///
    /// - Parameters:
    ///   - interval: from when to when they ended.
    ///   - route: the one route to look at; nil looks at all.
    ///   - limit: how many at most.
    func examples(in interval: Range<Date>, route: MetricsQuery.Route?, limit: Int) async throws -> [RequestRow]

    /// Keeps a mark.
    ///
    /// - Parameters:
    ///   - mark: what happened and when.
    ///   - unlessLatest: whether to keep nothing when the latest mark has the same name, as at a restart.
    func addMark(_ mark: ReleaseMark, unlessLatest: Bool) async throws

    /// Marks within an interval, oldest first.
    func marks(in interval: Range<Date>) async throws -> [ReleaseMark]

    /// Its size and reach.
    func statistics() async throws -> StoreStatistics

    /// Lets go of files and connections. Using it afterwards throws.
    func close() async throws
}

extension MetricsStore {
    /// Keeps a mark, whatever the latest one is.
    public func addMark(_ mark: ReleaseMark) async throws {
        try await addMark(mark, unlessLatest: false)
    }

    /// Reads a stretch of time, and adds what `recorder` holds that the store does not yet.
    public func read(_ query: MetricsQuery, adding recorder: RequestRecorder) async throws -> MetricsWindow {
        // The order matters: whatever is drained between the two is in both, and `adding` leaves it out by its sequence.
        // The other way round it would be in neither.
        let pending = recorder.pending()
        return try await read(query).adding(pending, for: query)
    }
}
