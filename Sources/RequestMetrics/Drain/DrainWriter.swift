import Foundation
import Logging

/// Writes what a recorder gathered, one batch after the other.
struct DrainWriter {
    private let recorder: RequestRecorder
    private let store: any MetricsStore
    private let logger: Logger

    private var release: ReleaseMark?
    private var isMigrated = false
    private var isFailing = false
    private var isTrimFailing = false
    private var clock = ClockWatch()
    private var lastTrim: UInt64?

    /// Nanoseconds between two trims.
    private static let trimInterval: UInt64 = 60_000_000_000

    init(_ recorder: RequestRecorder, to store: any MetricsStore, release: String?, logger: Logger) {
        self.recorder = recorder
        self.store = store
        self.logger = logger
        self.release = release.map { ReleaseMark(name: $0, at: Date()) }
    }

    /// Writes at every wake-up, until there are no more.
    consuming func write(on wakeUps: AsyncStream<Void>) async {
        var writer = self
        for await _ in wakeUps { await writer.write() }
    }

    /// Writes all there is, the batch that failed before first; stops at the first failure.
    mutating func write() async {
        do {
            if !isMigrated {
                try await store.migrate()
                isMigrated = true
            }
            while let batch = recorder.nextBatch() {
                let start = MonotonicClock.now()
                try await store.write(batch)
                let seconds = Double(MonotonicClock.now() - start) / 1e9
                recorder.queue.confirm(batch.sequence, at: batch.interval.upperBound, seconds: seconds)
            }
            if let mark = release {
                try await store.addMark(mark, unlessLatest: true)
                release = nil
            }
            noteRecovery()
        } catch {
            return noteFailure(error)
        }
        await trim()
    }

    /// Deletes what is too old, once a minute. What cannot be deleted harms no count, so that it has words of its own.
    private mutating func trim() async {
        let now = MonotonicClock.now()
        if let lastTrim, now - lastTrim < Self.trimInterval { return }
        let date = Date()
        guard clock.isSteady(date, at: now) else { return }
        lastTrim = now
        do {
            try await store.trim(now: date)
            isTrimFailing = false
        } catch {
            if !isTrimFailing {
                logger.warning("Old metrics cannot be deleted; new ones are stored.", metadata: ["error": "\(error)"])
            }
            isTrimFailing = true
        }
    }

    private mutating func noteFailure(_ error: any Error) {
        recorder.queue.fail("\(error)")
        guard !isFailing else { return }
        isFailing = true
        logger.warning(
            "Metrics cannot be stored; counts wait in memory until they can.", metadata: ["error": "\(error)"])
    }

    private mutating func noteRecovery() {
        guard isFailing else { return }
        isFailing = false
        logger.notice("Metrics are stored again.", metadata: ["drained": "\(recorder.statistics.drained)"])
    }
}
