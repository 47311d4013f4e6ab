import Foundation
import RequestMetrics
import Synchronization
import Testing

@testable import PerfDashboard

@Suite struct SharedQueryTests {
    @Test func whoAsksDuringAQuerySharesTheNext() async throws {
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (starts, started) = AsyncStream.makeStream(of: Int.self)
        let runs = Mutex(0)
        let query = SharedQuery<String, Int> { _ in
            let run = runs.withLock { runs in
                runs += 1
                return runs
            }
            started.yield(run)
            if run == 1 { for await _ in gate {} }
            return run
        }
        async let first = query.value(for: "a")
        var iterator = starts.makeAsyncIterator()
        #expect(await iterator.next() == 1)
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            for _ in 0..<100 { tasks.addTask { try await query.value(for: "a") } }
            // Another key does not wait.
            #expect(try await query.value(for: "b") == 2)
            while await query.questions < 102 { await Task.yield() }
            open.finish()
            for try await value in tasks { #expect(value == 3) }
        }
        #expect(try await first == 1)
        #expect(runs.withLock { $0 } == 3)
    }

    @Test func anErrorReachesEverybodyAndIsNotKept() async throws {
        struct Failure: Error {}
        let fails = Mutex(true)
        let query = SharedQuery<Int, Int> { _ in
            if fails.withLock({ $0 }) { throw Failure() }
            return 1
        }
        await #expect(throws: Failure.self) { try await query.value(for: 0) }
        fails.withLock { $0 = false }
        #expect(try await query.value(for: 0) == 1)
    }
}

@Suite struct LivePagesTests {
    @Test func oneRenderingServesATick() async throws {
        let count = Counter()
        let pages = LivePages(interval: .seconds(5)) { _ in
            count.increment()
            return []
        }
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<200 { tasks.addTask { _ = await pages.sections(PageOptions(), tick: 7) } }
        }
        #expect(count.value == 1)
        _ = await pages.sections(PageOptions(), tick: 8)
        _ = await pages.sections(PageOptions(window: .hour), tick: 8)
        #expect(count.value == 3)
    }

    @Test func ticksAreTheSameForEverybody() {
        let pages = LivePages(interval: .seconds(5)) { _ in [] }
        #expect(pages.tick(at: Date(timeIntervalSince1970: 1004.9)) == 200)
        #expect(pages.tick(at: Date(timeIntervalSince1970: 1005)) == 201)
        #expect(pages.timeToNextTick(from: Date(timeIntervalSince1970: 1004)) == .seconds(1))
    }

    @Test func eventsKeepEveryLineOfTheirData() {
        #expect(EventStream.event("sections", "a\nb\r\nc") == "event: sections\ndata: a\ndata: b\ndata: c\n\n")
        #expect(EventStream.event("alive", "") == "event: alive\ndata: \n\n")
    }

    /// A counter that many tasks share.
    private final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }

        func increment() { count.withLock { $0 += 1 } }
    }
}
