import Foundation
import Synchronization
import Testing

@testable import PerfDashboard

@Suite struct AdminTokenTests {
    @Test func needsSixteenVisibleCharacters() throws {
        #expect(throws: AdminTokenError.tooShort(length: 15)) { try AdminToken(String(repeating: "a", count: 15)) }
        #expect(throws: AdminTokenError.tooShort(length: 0)) { try AdminToken("") }
        #expect(throws: AdminTokenError.unusableCharacter) { try AdminToken("sixteen characters") }
        #expect(throws: AdminTokenError.unusableCharacter) { try AdminToken("0123456789abcdé0123") }
        #expect(try AdminToken("0123456789abcdef").matches("0123456789abcdef"))
    }

    @Test(arguments: ["", "0123456789abcde", "0123456789abcdeF", "0123456789abcdef0", " 0123456789abcdef"])
    func matchesNothingElse(candidate: String) throws {
        #expect(try !AdminToken("0123456789abcdef").matches(candidate))
    }

    @Test func neverPrintsItself() throws {
        let token = try AdminToken("0123456789abcdef")
        #expect(!"\(token) \(String(reflecting: token))".contains("0123"))
        var dumped = ""
        dump(token, to: &dumped)
        #expect(!dumped.contains("0123"))
        #expect(
            AdminTokenError.tooShort(length: 7).description
                == "The admin token has 7 characters and needs 16 at least: set ADMIN_TOKEN to the output of "
                + "`openssl rand -hex 16`.")
    }
}

@Suite struct SessionTests {
    private let token = try? AdminToken("0123456789abcdef")

    @Test func readsBackItsOwnCookieUntilItExpires() throws {
        let key = try #require(token).key(for: "test")
        let session = Session(issued: 1000, lifetime: 60)
        let cookie = session.cookie(key: key)
        #expect(Session(cookie: cookie, key: key, now: 1059) == session)
        #expect(Session(cookie: cookie, key: key, now: 1060) == nil)
    }

    @Test func refusesEveryChangedByte() throws {
        let key = try #require(token).key(for: "test")
        let cookie = Session(issued: 1000, lifetime: 60).cookie(key: key)
        for index in cookie.indices {
            var forged = cookie
            forged.replaceSubrange(index...index, with: cookie[index] == "A" ? "B" : "A")
            // The last character of base64 holds bits that decode to nothing; the same code is no forgery.
            if Data(base64URL: String(forged.split(separator: ".").last ?? ""))
                == Data(base64URL: String(cookie.split(separator: ".").last ?? "")),
                forged.hasPrefix(cookie.dropLast(1))
            {
                continue
            }
            #expect(Session(cookie: forged, key: key, now: 1001) == nil, "\(forged)")
        }
    }

    @Test(arguments: ["", ".", "v1....", "v1.1.2.3.4", "v2.0.99999999999.a.b", String(repeating: "a.", count: 200)])
    func refusesWhatIsNoCookie(cookie: String) throws {
        #expect(try Session(cookie: cookie, key: #require(token).key(for: "test"), now: 0) == nil)
    }

    @Test func anotherTokensSessionIsNone() throws {
        let other = try AdminToken("fedcba9876543210").key(for: "test")
        let cookie = Session(issued: 0, lifetime: 60).cookie(key: other)
        #expect(try Session(cookie: cookie, key: #require(token).key(for: "test"), now: 1) == nil)
    }

    @Test func signingOutIsBoundedAndErrsOnTheSafeSide() {
        let signedOut = SignedOutSessions(capacity: 2)
        let sessions = (0..<3).map { _ in Session(issued: 10, lifetime: 1000) }
        #expect(!signedOut.contains(sessions[0]))
        for session in sessions { signedOut.end(session, now: 20) }
        #expect(sessions.allSatisfy(signedOut.contains))
        #expect(!signedOut.contains(Session(issued: 21, lifetime: 1000)))
    }
}

@Suite struct AttemptLimiterTests {
    private final class Clock: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { instant.withLock { $0 } }

        func advance(by duration: Duration) { instant.withLock { $0 += duration } }
    }

    @Test func waitsAfterTooManyFailuresAndForgetsThem() {
        let clock = Clock()
        let limiter = AttemptLimiter(limit: 3, window: .seconds(60), now: { clock.now })
        for _ in 0..<3 { #expect(limiter.begin(from: "1.2.3.4") == nil) }
        #expect(limiter.begin(from: "1.2.3.4") == .seconds(60))
        #expect(limiter.begin(from: "5.6.7.8") == nil)
        clock.advance(by: .seconds(60))
        #expect(limiter.begin(from: "1.2.3.4") == nil)
    }

    @Test func anAttemptThatSucceedsDoesNotCount() {
        let limiter = AttemptLimiter(limit: 3)
        for _ in 0..<100 {
            #expect(limiter.begin(from: "1.2.3.4") == nil)
            limiter.succeed(from: "1.2.3.4")
        }
        #expect(limiter.count == 0)
    }

    @Test func ofManyAttemptsAtOnceNoMoreThanTheLimitAreMade() async {
        let limiter = AttemptLimiter(limit: 10)
        let made = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<500 { group.addTask { limiter.begin(from: "1.2.3.4") == nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(made == 10)
    }

    @Test func manyAddressesCannotGrowItAndStillWait() {
        let limiter = AttemptLimiter(limit: 3, capacity: 8)
        for number in 0..<1000 { _ = limiter.begin(from: "2001:db8::\(number)") }
        #expect(limiter.count <= 9)
        #expect(limiter.begin(from: "2001:db8::5000") != nil)
    }
}

@Suite struct OneTimeCodesTests {
    @Test func opensOnce() {
        let codes = OneTimeCodes()
        let code = codes.issue()
        #expect(!codes.redeem("x"))
        #expect(codes.redeem(code))
        #expect(!codes.redeem(code))
    }

    @Test func keepsTheLatestOnly() {
        let codes = OneTimeCodes(capacity: 2)
        let issued = (0..<3).map { _ in codes.issue() }
        #expect(issued.map(codes.redeem) == [false, true, true])
    }

    @Test func growsOld() {
        let codes = OneTimeCodes(lifetime: .zero)
        #expect(!codes.redeem(codes.issue()))
    }
}
