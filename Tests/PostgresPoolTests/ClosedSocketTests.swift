import CLibPQ
import Foundation
import PostgresFixture
import Synchronization
import Testing

@testable import PostgresPool

/// libpq closes its socket by itself when the link breaks; its number is then the next one's who opens a file.
@Suite(.timeLimit(.minutes(10))) struct ClosedSocketTests {
    /// Somebody else who waits for a socket.
    private final class Listener: ReadinessHandler {
        let (events, continuation) = AsyncStream<Readiness>.makeStream()

        func ready(_ happened: Readiness) { continuation.yield(happened) }
    }

    @Test func aConnectionThatBrokeLeavesTheNextOwnerOfItsNumberAlone() async throws {
        var ends: [CInt] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        // Another test may open a file just when the number is free: then once more.
        while true {
            let (connection, number) = try await brokenConnection()
            let taken = fcntl(ends[0], F_DUPFD_CLOEXEC, number)
            defer { close(taken) }
            guard taken == number else {
                connection.close(ConnectFailure.cancelled)
                continue
            }
            let listener = Listener()
            let token = ReadinessThread.shared.register(listener)
            defer { ReadinessThread.shared.deregister(token, socket: number) }
            #expect(ReadinessThread.shared.arm(token, socket: number, for: .read))
            connection.close(ConnectFailure.cancelled)
            var byte: UInt8 = 1
            try #require(send(ends[1], &byte, 1, 0) == 1)
            #expect(await listener.events.first { _ in true }?.contains(.read) == true)
            return
        }
    }

    /// A connection whose socket libpq has closed, before the pool's code has noticed, and the number that it had.
    private func brokenConnection() async throws -> (PhysicalConnection, CInt) {
        let connection = try await ConnectAttempt.connect(
            ConnectParameters(connectionString: try await SharedServer.url()),
            settings: PhysicalConnection.Settings(statementCacheCapacity: 0), timeout: .seconds(60))
        // As while a stream reads: the readiness thread leaves what arrives to the stream.
        let number = connection.state.withLock { state in
            state.isExclusive = true
            return state.handle?.socket ?? -1
        }
        try #require(number >= 0)
        try await SharedServer.psql("SELECT pg_terminate_backend(\(connection.serverProcess))")
        var isOpen = true
        while isOpen {
            // The server's last words, then its end.
            var arrival = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
            try #require(poll(&arrival, 1, 60_000) == 1)
            isOpen = connection.state.withLock { state in
                guard let handle = state.handle?.pointer else { return false }
                _ = PQconsumeInput(handle)
                return PQsocket(handle) >= 0
            }
        }
        return (connection, number)
    }
}
