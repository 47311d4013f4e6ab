import Foundation
import Synchronization
import Testing

@testable import LatencyHistogram

@Suite struct ConcurrentLatencyHistogramTests {
    @Test(arguments: [0, 5, 8]) func oneThreadEqualsTheValueType(scale: Int) {
        let recorder = ConcurrentLatencyHistogram(scale: scale)
        var expected = LatencyHistogram(scale: scale)
        var random = SplitMix(seed: 8)
        for _ in 0..<20_000 {
            let value = random.next() >> (random.next() % 64)
            recorder.record(value)
            expected.record(value)
        }
        #expect(recorder.snapshot() == expected)
        #expect(recorder.snapshotAndReset() == expected)
        #expect(recorder.snapshotAndReset() == LatencyHistogram(scale: scale))
    }

    /// Real threads, more of them than stripes, while another takes snapshots all the time.
    @Test func manyWritersLoseAndDoubleNothing() {
        let recorder = ConcurrentLatencyHistogram()
        let writers = 16
        let each = 50_000
        let finished = Atomic<Int>(0)
        let taken = Mutex(LatencyHistogram())

        let threads = (0..<writers).map { writer in
            Thread {
                var random = SplitMix(seed: UInt64(writer))
                for _ in 0..<each { recorder.record(random.next() >> (20 + random.next() % 44)) }
                finished.wrappingAdd(1, ordering: .acquiringAndReleasing)
            }
        }
        for thread in threads { thread.start() }
        var snapshots = 0
        while finished.load(ordering: .acquiring) < writers {
            let delta = recorder.snapshotAndReset()
            taken.withLock { $0.merge(delta) }
            snapshots += 1
        }
        taken.withLock { $0.merge(recorder.snapshotAndReset()) }

        var expected = LatencyHistogram()
        for writer in 0..<writers {
            var random = SplitMix(seed: UInt64(writer))
            for _ in 0..<each { expected.record(random.next() >> (20 + random.next() % 44)) }
        }
        let total = taken.withLock { $0 }
        #expect(total.count == UInt64(writers * each))
        #expect(total.sum == expected.sum)
        #expect(total.encoded() == expected.encoded(), "after \(snapshots) snapshots")
    }

    @Test func aSnapshotNeverContradictsItself() {
        let recorder = ConcurrentLatencyHistogram()
        let stop = Atomic<Bool>(false)
        let writer = Thread {
            var random = SplitMix(seed: 1)
            while !stop.load(ordering: .relaxed) { recorder.record(random.next() >> (random.next() % 64)) }
        }
        writer.start()
        for _ in 0..<300 {
            let snapshot = recorder.snapshotAndReset()
            guard let least = snapshot.min, let greatest = snapshot.max else { continue }
            #expect(least <= greatest)
            #expect((try? LatencyHistogram(decoding: snapshot.encoded())) == snapshot)
        }
        stop.store(true, ordering: .relaxed)
    }
}
