import Synchronization

/// Those who wait for the pool to get into some state: tests, which so wait for events and never for time.
final class PoolObservers: Sendable {
    private let continuations = Mutex<[UInt64: AsyncStream<Void>.Continuation]>([:])
    /// Looked at with every change of the pool, so it must cost next to nothing while nobody observes.
    private let isObserved = Atomic(false)
    private let last = Atomic<UInt64>(0)

    /// An element now and after every change; changes that come while nobody reads are told as one.
    func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = last.add(1, ordering: .relaxed).newValue
        continuations.withLock { $0[id] = continuation }
        isObserved.store(true, ordering: .sequentiallyConsistent)
        continuation.onTermination = { [weak self] _ in self?.forget(id) }
        continuation.yield()
        return stream
    }

    /// Tells of a change.
    @inline(__always)
    func notify() {
        if isObserved.load(ordering: .relaxed) { notifyAll() }
    }

    @inline(never)
    private func notifyAll() {
        for continuation in continuations.withLock({ Array($0.values) }) { continuation.yield() }
    }

    private func forget(_ id: UInt64) {
        continuations.withLock { continuations in
            continuations[id] = nil
            if continuations.isEmpty { isObserved.store(false, ordering: .sequentiallyConsistent) }
        }
    }
}
