import Testing

@testable import PostgresPool

struct CurrentLeaseTests {
    @Test func aLeaseThatWasNotUsedEndsByItself() {
        let connection = Lent()
        let first = connection.number
        #expect(connection.endUnused(first))
        #expect(connection.number != first)
        #expect(!connection.use(first))
        #expect(!connection.endUnused(first))
    }

    @Test func oneThatWasUsedDoesNot() {
        let connection = Lent()
        let first = connection.number
        #expect(connection.use(first) && connection.use(first))
        #expect(connection.number == first)
        #expect(!connection.endUnused(first))
        connection.end()
        #expect(!connection.use(first))
        #expect(connection.use(connection.number))
    }

    /// Of one who uses it and one who ends it, either the use comes first and the end sees it, or it is refused.
    @Test func useAndEndAreOneAfterTheOther() async {
        for _ in 0..<10_000 {
            let connection = Lent()
            let first = connection.number
            async let isUsed = connection.useElsewhere(first)
            let hasEnded = connection.endUnused(first)
            #expect(await isUsed != hasEnded)
        }
    }

    /// What the macros of the tests can copy.
    private final class Lent: Sendable {
        private let lease = CurrentLease()

        var number: UInt64 { lease.number }
        func use(_ number: UInt64) -> Bool { lease.use(number) }
        func useElsewhere(_ number: UInt64) async -> Bool { lease.use(number) }
        func endUnused(_ number: UInt64) -> Bool { lease.endUnused(number) }
        func end() { lease.end() }
    }
}
