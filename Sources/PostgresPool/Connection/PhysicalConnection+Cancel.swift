import CLibPQ
import DequeModule
import Synchronization

extension PhysicalConnection {
    /// Gives up waiting for a statement: its task gets a `CancellationError` at once, and the server is asked to stop
    /// as soon as the statement is the one that it runs. Does nothing for a statement that is not in flight.
    func cancel(_ exchange: Exchange) {
        perform { state, aftermath in
            guard exchange.isWanted else { return }
            exchange.end(.failure(CancellationError()), &aftermath)
            if let index = state.reads.firstIndex(where: { $0 === exchange }) {
                state.reads.remove(at: index)
                return
            }
            exchange.isCancelled = true
            guard let pointer = state.handle?.pointer,
                state.exchanges.firstIndex(where: { $0 === exchange }) == state.answered
            else { return }
            state.startCancel(pointer, &aftermath)
        }
    }

    /// Sends a cancel request from a thread that may block.
    func send(_ request: CancelRequest) {
        BlockingThreads.cancelling.submit { [self] in
            request.send()
            perform { state, _ in state.cancelRequests -= 1 }
        }
    }

    /// Waits until nothing is in flight and no cancel request is on its way.
    ///
    /// - Returns: false when that has not happened within the time, or the connection has closed.
    func quiet(within timeout: Duration) async -> Bool {
        let deadline = MonotonicTime.now + timeout.nanoseconds
        return await withUnsafeContinuation { continuation in
            let wait = perform { state, _ in
                state.quietWaiter = continuation
                state.lastWait += 1
                return state.lastWait
            }
            ReadinessThread.shared.schedule(at: deadline) { [weak self] in
                self?.perform { state, aftermath in
                    guard state.lastWait == wait, let waiter = state.quietWaiter.take() else { return }
                    aftermath.quietWaiter = (waiter, false)
                }
            }
        }
    }
}

extension PhysicalConnection.State {
    /// Asks the server to stop what it runs. Whatever else is in flight may be hit instead, when the statement ends
    /// before the request arrives; it is marked, so that it is sent again.
    mutating func startCancel(_ pointer: OpaquePointer, _ aftermath: inout PhysicalConnection.Aftermath) {
        guard aftermath.hasSeldom?.cancelRequest == nil, let request = CancelRequest(pointer) else { return }
        cancelRequests += 1
        for index in exchanges.indices where !exchanges[index].isCancelled { exchanges[index].mayBeHitByCancel = true }
        aftermath.seldom.cancelRequest = request
    }

    mutating func noteQuiet(_ aftermath: inout PhysicalConnection.Aftermath) {
        guard quietWaiter != nil, aftermath.quietWaiter == nil else { return }
        let isQuiet = exchanges.isEmpty && reads.isEmpty && cancelRequests == 0 && !isExclusive
        guard isQuiet || handle == nil, let waiter = quietWaiter.take() else { return }
        aftermath.quietWaiter = (waiter, handle != nil)
    }
}
