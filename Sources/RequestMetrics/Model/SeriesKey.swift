/// What a request was for: the dashboard's own requests are measured apart from the service's.
public enum Surface: UInt8, Sendable, Hashable, Codable, CaseIterable {
    /// A request of the service. Totals cover these only.
    case service = 0
    /// A request of the dashboard itself.
    case dashboard = 1
}

/// The name of one series of durations: which route, method and status they belong to.
public struct SeriesKey: Sendable, Hashable {
    /// The router's template (`/permits/{id}`), never the raw path; or ``unmatchedRoute``, or ``overflowRoute``.
    public var route: String

    /// An HTTP method known to the recorder (`GET`, `POST`, …), or ``otherMethod``.
    public var method: String

    /// The status code, 100 through 599; 0 stands for anything outside.
    public var status: Int

    /// Whether the service or the dashboard answered.
    public var surface: Surface

    /// Makes a key from names as they are; a ``RequestRecorder`` bounds them before it makes one.
    public init(route: String, method: String, status: Int, surface: Surface = .service) {
        self.route = route
        self.method = method
        self.status = status
        self.surface = surface
    }

    /// Whether the server failed: a status of 500 through 599.
    public var isServerError: Bool { (500...599).contains(status) }

    /// The one route of all requests that no route matched.
    public static let unmatchedRoute = "_unmatched"

    /// The one route of all requests that came once the recorder held as many routes or series as it may.
    public static let overflowRoute = "_overflow"

    /// The one method of all requests whose method is none of HTTP's.
    public static let otherMethod = "_OTHER"
}
