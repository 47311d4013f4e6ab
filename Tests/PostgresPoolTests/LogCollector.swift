import Logging
import Synchronization

/// Keeps what is logged.
final class LogCollector: Sendable {
    struct Entry: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: Logger.Metadata
    }

    private let collected = Mutex<[Entry]>([])

    var entries: [Entry] { collected.withLock { $0 } }

    func entries(_ message: String) -> [Entry] { entries.filter { $0.message.hasPrefix(message) } }

    var logger: Logger { Logger(label: "test") { _ in Handler(collector: self) } }

    private struct Handler: LogHandler {
        let collector: LogCollector
        var logLevel = Logger.Level.debug
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let entry = Entry(
                level: event.level, message: event.message.description, metadata: event.metadata ?? [:]
            )
            collector.collected.withLock { $0.append(entry) }
        }
    }
}
