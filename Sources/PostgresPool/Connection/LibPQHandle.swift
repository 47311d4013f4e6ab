import CLibPQ
import Foundation

/// The owner of a `PGconn`.
///
/// `@unchecked Sendable`, proved by the type: it cannot be copied, so one owner exists at any time, and the owners in
/// this module keep it inside a `Mutex` for all its life. libpq allows a connection to be used by any thread, one at a
/// time. The pointer never leaves the closure of that mutex.
struct LibPQHandle: ~Copyable, @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over the pointer.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        // libpq prints notices on stderr unless told otherwise.
        PQsetNoticeProcessor(pointer, { _, _ in }, nil)
    }

    deinit { PQfinish(pointer) }

    /// The socket, or -1 when libpq has closed it, as it does by itself when the link breaks. To be asked anew each time:
    /// the number of a socket that is closed may be another connection's by now.
    var socket: CInt { PQsocket(pointer) }

    /// Whether bytes have come that nobody has read yet.
    var hasInput: Bool {
        var poll = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return Foundation.poll(&poll, 1, 0) > 0
    }

    /// What went wrong last.
    var errorMessage: String { String(cString: PQerrorMessage(pointer)).trimmingNewlines }
}

/// What is needed to ask the server to cancel the running statement.
///
/// `@unchecked Sendable`: libpq makes it a copy that is independent of the connection, and `PQcancel` may be called
/// from any thread; it is freed in `deinit`, when nobody else can hold it.
final class CancelRequest: @unchecked Sendable {
    private let pointer: OpaquePointer

    init?(_ connection: OpaquePointer) {
        guard let pointer = PQgetCancel(connection) else { return nil }
        self.pointer = pointer
    }

    deinit { PQfreeCancel(pointer) }

    /// Sends the request on a connection of its own and waits until the server hangs up: the signal is then sent.
    /// Blocks.
    func send() {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            _ = PQcancel(pointer, buffer.baseAddress, CInt(buffer.count))
        }
    }
}
