public import RequestMetrics

extension DatabaseURL {
    /// Opens the store that the URL names, without changing its schema.
    ///
    /// - Parameters:
    ///   - retention: how long what is kept, and how much.
    ///   - sampling: how rows came about, to tell their weight.
    ///   - isReadOnly: whether only to read, so that nothing is made where nothing is.
    ///   - busyTimeout: seconds to wait while another process writes.
    /// - Throws: `MetricsStoreError` when it cannot be opened.
    public func openStore(
        retention: RetentionSettings = RetentionSettings(), sampling: SamplingRule = SamplingRule(),
        isReadOnly: Bool = false, busyTimeout: Double = 5
    ) async throws -> any MetricsStore {
        switch self {
        case .sqlite(let path):
            SQLiteStore(
                path: path, retention: retention, sampling: sampling, isReadOnly: isReadOnly,
                busyTimeout: busyTimeout)
        }
    }
}
