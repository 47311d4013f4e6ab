/// What a report is about: which window, and the fleet or one instance of it.
struct ReportScope: Hashable, Sendable {
    var window: PerfWindow
    var instance: String?
}
