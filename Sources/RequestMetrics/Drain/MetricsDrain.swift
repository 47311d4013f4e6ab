import Foundation
public import Logging
public import ServiceLifecycle

/// Carries what a recorder counted to a store, every few seconds, until the service shuts down.
///
/// A store that is slow, locked, full or gone delays nothing but this: counts stay in memory and go out later. The log has
/// one line when the store starts to fail and one when it recovers.
///
/// ```swift
/// let app = Application(router: router, services: [MetricsDrain(recorder, to: store)])
/// ```
public struct MetricsDrain: Service {
    private let recorder: RequestRecorder
    private let store: any MetricsStore
    private let settings: DrainSettings
    private let logger: Logger

    /// Makes a drain; it starts with ``run()``.
    ///
    /// - Parameters:
    ///   - recorder: what counts the requests. Only one drain may carry from it.
    ///   - store: where they go. It is migrated before the first write.
    ///   - settings: when.
    ///   - logger: where failing and recovering is said.
    public init(
        _ recorder: RequestRecorder, to store: any MetricsStore, settings: DrainSettings = DrainSettings(),
        logger: Logger = Logger(label: "pitwall.drain")
    ) {
        self.recorder = recorder
        self.store = store
        self.settings = settings
        self.logger = logger
    }

    /// Drains until the service shuts down gracefully or the task is cancelled; then once more, bounded in time.
    public func run() async {
        let (wakeUps, wakeUp) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let writer = DrainWriter(recorder, to: store, release: settings.release, logger: logger)
        // Not a child task: one that hangs in a store could not be left behind, and the shutdown would hang with it.
        let writing = Task { await writer.write(on: wakeUps) }
        await cancelWhenGracefulShutdown {
            while true {
                guard (try? await Task.sleep(for: pause())) != nil else { return }
                recorder.collect()
                wakeUp.yield()
            }
        }
        recorder.collect()
        wakeUp.yield()
        wakeUp.finish()
        if await !ends(writing, within: settings.shutdownLimit) {
            writing.cancel()
            logger.error(
                "Shut down without the last counts: the store did not answer in time.",
                metadata: [
                    "requests": "\(recorder.statistics.pending)", "waited": "\(settings.shutdownLimit)",
                ])
        }
    }

    /// Until the next full interval, or the next full minute if that is sooner, so that counts belong to one minute.
    private func pause() -> Duration {
        let interval = max(settings.interval, DrainSettings.leastInterval) / .seconds(1)
        let now = Date().timeIntervalSince1970
        let untilNext = { (length: Double) in length - now.truncatingRemainder(dividingBy: length) }
        return max(.seconds(min(untilNext(interval), untilNext(60))), .milliseconds(1))
    }

    private func ends(_ task: Task<Void, Never>, within limit: Duration) async -> Bool {
        // In a task of its own, since this one may be cancelled, and a cancelled task cannot wait.
        await Task {
            let (outcomes, outcome) = AsyncStream<Bool>.makeStream()
            let end = Task {
                await task.value
                outcome.yield(true)
            }
            let deadline = Task {
                try? await Task.sleep(for: limit)
                outcome.yield(false)
            }
            defer {
                end.cancel()
                deadline.cancel()
            }
            for await ended in outcomes { return ended }
            return false
        }.value
    }
}
