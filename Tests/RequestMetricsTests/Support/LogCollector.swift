import Logging
import Synchronization

/// Keeps log lines for a test to look at.
final class LogCollector: Sendable {
    private let lines = Mutex<[(level: Logger.Level, message: String)]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(collector: self) } }

    var messages: [String] { lines.withLock { $0.map(\.message) } }

    private struct Handler: LogHandler {
        let collector: LogCollector
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            collector.lines.withLock { $0.append((event.level, event.message.description)) }
        }
    }
}
