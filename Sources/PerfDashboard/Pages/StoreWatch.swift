import Logging
import Synchronization

/// Tells the log once when the store cannot be read, and once when it can again, however many look.
final class StoreWatch: Sendable {
    private let logger: Logger
    private let isFailing = Atomic(false)

    init(logger: Logger) { self.logger = logger }

    func noteFailure(_ error: any Error) {
        guard !isFailing.exchange(true, ordering: .relaxed) else { return }
        logger.warning("The dashboard cannot read the store", metadata: ["error": "\(error)"])
    }

    func noteSuccess() {
        guard isFailing.load(ordering: .relaxed), isFailing.exchange(false, ordering: .relaxed) else { return }
        logger.notice("The dashboard can read the store again")
    }
}
