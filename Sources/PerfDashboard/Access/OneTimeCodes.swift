import Crypto
import Foundation
import Synchronization

/// Codes that sign in once, for the link that `pitwall serve` prints on the terminal.
///
/// Only digests are kept, at most ``capacity`` of them; the oldest goes first.
final class OneTimeCodes: Sendable {
    private struct Code {
        let digest: SHA256Digest
        let expires: ContinuousClock.Instant
    }

    private let lifetime: Duration
    private let capacity: Int
    private let codes = Mutex<[Code]>([])

    init(lifetime: Duration = .seconds(15 * 60), capacity: Int = 16) {
        self.lifetime = lifetime
        self.capacity = capacity
    }

    /// A new code: 32 random bytes in base64url.
    func issue() -> String {
        let code = Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64URL
        codes.withLock { codes in
            codes.append(Code(digest: SHA256.hash(data: Data(code.utf8)), expires: .now + lifetime))
            codes.removeFirst(max(0, codes.count - capacity))
        }
        return code
    }

    /// Uses a code up; `false` when it was never issued, is used, or is too old.
    func redeem(_ code: String) -> Bool {
        let digest = SHA256.hash(data: Data(code.utf8))
        return codes.withLock { codes in
            codes.removeAll { $0.expires <= .now }
            guard let index = codes.firstIndex(where: { $0.digest == digest }) else { return false }
            codes.remove(at: index)
            return true
        }
    }
}
