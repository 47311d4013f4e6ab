import Hummingbird
import Synchronization

/// One request being measured. It is recorded once, whichever way it ends: last of all, by being let go.
final class RequestMeasurement: Sendable {
    /// What nginx says of a client that closed the connection before it was answered. No standard has a code for it.
    static let clientLeft = 499

    private let recorder: RequestRecorder
    private let method: String
    private let start = MonotonicClock.now()
    private let hasEnded = Atomic(false)
    private let target = Mutex<(route: String, surface: Surface)>((SeriesKey.unmatchedRoute, .service))

    init(_ recorder: RequestRecorder, method: String) {
        self.recorder = recorder
        self.method = method
    }

    deinit {
        // The response was dropped before its body was asked for: nobody was left to send it to.
        end(status: Self.clientLeft)
    }

    /// Notes which route answered. Hummingbird's routers say `NotFound` when none did; a template starts with a slash.
    func route(_ path: String?, _ dashboard: DashboardRoutes) {
        guard let path, path.hasPrefix("/") else { return }
        target.withLock { $0 = (path, dashboard.surface(of: path)) }
    }

    func end(status: Int) {
        guard !hasEnded.exchange(true, ordering: .relaxed) else { return }
        let elapsed = MonotonicClock.now() &- start
        let (route, surface) = target.withLock { $0 }
        recorder.record(route: route, method: method, status: status, nanoseconds: elapsed, surface: surface)
    }
}
