#if os(Linux)
    import CArrival
    import Glibc
    import LoadTest
    import Testing

    @Suite("The kernel's stamp of what arrives")
    struct ArrivalStampTests {
        @Test("Who reads late still learns when the bytes arrived")
        func ageOfBytes() throws {
            let (sender, receiver) = try connectedPair()
            defer {
                close(sender)
                close(receiver)
            }
            #expect(arrival_stamp(receiver) == 0)
            // The kernel begins to stamp a moment after the first socket of the machine asks for it.
            let giveUp = MonotonicClock.now() + 60_000_000_000
            var age: Int64 = 0
            var known: UInt64 = 0
            while age == 0, MonotonicClock.now() < giveUp {
                var byte = UInt8(7)
                try #require(send(sender, &byte, 1, 0) == 1)
                var waiting = pollfd(fd: receiver, events: Int16(POLLIN), revents: 0)
                try #require(poll(&waiting, 1, 60_000) == 1)
                let arrived = MonotonicClock.now()
                known = MonotonicClock.now() - arrived
                byte = 0
                try #require(arrival_receive(receiver, &byte, 1, &age) == 1)
                #expect(byte == 7)
            }
            #expect(age > 0)
            #expect(age >= Int64(known))
        }

        @Test("A socket that was not asked to stamp has bytes of no age, and its end is told")
        func unstamped() throws {
            let (sender, receiver) = try connectedPair()
            defer { close(receiver) }
            var byte = UInt8(7)
            var age: Int64 = -1
            try #require(send(sender, &byte, 1, 0) == 1)
            #expect(arrival_receive(receiver, &byte, 1, &age) == 1)
            #expect(age == 0)
            close(sender)
            #expect(arrival_receive(receiver, &byte, 1, &age) == 0)
            #expect(arrival_stamp(-1) == -EBADF)
        }

        /// Two blocking sockets of one TCP connection on loopback.
        private func connectedPair() throws -> (Int32, Int32) {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            try #require(listener >= 0)
            defer { close(listener) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let sender = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            try withUnsafeMutablePointer(to: &address) { pointer in
                try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                    try #require(bind(listener, name, length) == 0)
                    try #require(listen(listener, 1) == 0)
                    try #require(getsockname(listener, name, &length) == 0)
                    try #require(connect(sender, name, length) == 0)
                }
            }
            let receiver = accept(listener, nil, nil)
            try #require(receiver >= 0)
            return (sender, receiver)
        }
    }
#endif
