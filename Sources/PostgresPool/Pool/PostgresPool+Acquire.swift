import Synchronization

extension PostgresPool {
    /// Lends a connection for the time of the closure.
    ///
    /// Callers are served in the order of asking. The wait ends after the acquire timeout, which includes the time to
    /// connect. A cancelled caller leaves the queue. After the closure the connection is refused to whoever kept it.
    ///
    /// - Throws: ``PostgresError/acquireTimeout(_:)``, ``PostgresError/unavailable(_:)``, ``PostgresError/shutDown``,
    ///   `CancellationError`, and what the closure throws.
    @discardableResult
    nonisolated(nonsending) public func withConnection<Result>(
        file: String = #fileID, line: UInt = #line,
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        let site = AcquireSite(file: file, line: line)
        let grant =
            if let grant = acquireImmediately(shared: false, site: site) {
                grant
            } else {
                try await acquire(shared: false, site: site)
            }
        let slot = grant.slot
        let connection = PostgresConnection(physical: grant.connection, lease: grant.connection.lease.number)
        defer { giveBack(slot, connection.physical.endLease(connection.lease)) }
        return try await body(connection)
    }

    /// Gets a connection. Without contention: one look under the mutex, in ``acquireImmediately(shared:site:)``.
    func acquire(shared: Bool, site: AcquireSite) async throws -> PoolGrant<PhysicalConnection> {
        try Task.checkCancellation()
        while true {
            let grant = try await acquireOnce(shared: shared, site: site)
            metrics.acquired(after: grant.waited)
            // One that has lain for a while may have been closed by the server a moment ago: looking costs a system
            // call, and its loss is then known to the machine. A half-open peer is the keep-alive's business.
            guard grant.idleFor >= Self.looksAfter, !grant.connection.looksAlive() else { return grant }
            giveBack(grant.slot, .closed)
        }
    }

    /// Gets a connection that can be had at once without looking at it; nil when there is more to do.
    @inline(__always)
    func acquireImmediately(shared: Bool, gathers: Bool = false, site: AcquireSite) -> PoolGrant<PhysicalConnection>? {
        guard !Task.isCancelled else { return nil }
        let now = MonotonicTime.now
        let grant = state.withLock {
            $0.machine.acquireImmediately(
                shared: shared, gathers: gathers, site: site, idleFor: Self.looksAfter, now: now)
        }
        guard let grant else { return nil }
        metrics.acquiredAtOnce()
        observers.notify()
        return grant
    }

    /// How long a connection may lie idle and still be lent without a look at it, in nanoseconds.
    private static var looksAfter: UInt64 { 100_000_000 }

    private func acquireOnce(shared: Bool, site: AcquireSite) async throws -> PoolGrant<PhysicalConnection> {
        let ticket = AcquireTicket()
        let grant = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Swift.Result<PoolGrant<PhysicalConnection>, any Error>? = changeState {
                    state, now, actions in
                    // Looked at under the mutex: a cancellation that comes later finds the request in the queue.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    switch state.machine.acquire(shared: shared, site: site, now: now, &actions) {
                    case .granted(let grant): return .success(grant)
                    case .refused(let error): return .failure(error)
                    case .queued(let request):
                        ticket.request.store(request, ordering: .relaxed)
                        state.continuations[request] = continuation
                        return nil
                    }
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            abandon(ticket)
        }
        // Granted and cancelled at the same time: the next one is to have it.
        if Task.isCancelled {
            let connection = grant.connection
            giveBack(
                grant.slot,
                shared ? connection.endSharing(wasCancelled: false) : connection.endLease(connection.lease.number))
            throw CancellationError()
        }
        return grant
    }

    private func abandon(_ ticket: AcquireTicket) {
        let continuation = changeState { state, now, actions in
            let request = ticket.request.load(ordering: .relaxed)
            guard request > 0, state.machine.cancel(request, now: now, &actions) else {
                return CheckedContinuation<PoolGrant<PhysicalConnection>, any Error>?.none
            }
            return state.continuations.removeValue(forKey: request)
        }
        continuation?.resume(throwing: CancellationError())
    }

    func giveBack(_ slot: SlotID, _ condition: PhysicalConnection.Return) {
        if condition == .clean {
            let now = MonotonicTime.now
            let held = state.withLock { $0.machine.giveBackImmediately(slot, now: now) }
            if let held {
                metrics.used(for: held)
                observers.notify()
                return
            }
        }
        let held = change { machine, now, actions in machine.giveBack(slot, condition, now: now, &actions) }
        if let held { metrics.used(for: held) }
    }
}

/// The number of a request in the queue, zero until it is there. Read and written under the pool's mutex.
private final class AcquireTicket: Sendable {
    let request = Atomic<UInt64>(0)
}
