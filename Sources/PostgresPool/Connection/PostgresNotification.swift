/// What a `NOTIFY` sent.
public struct PostgresNotification: Sendable, Hashable {
    /// The channel that was notified.
    public let channel: String
    /// The text that was sent along; empty when there was none. At most 7,999 bytes.
    public let payload: String
    /// The server process of the sender.
    public let serverProcess: Int32
}

/// Notifications as they come in. Ends with an error when the connection is lost: what was sent meanwhile is gone.
public typealias PostgresNotifications = AsyncThrowingStream<PostgresNotification, any Error>
