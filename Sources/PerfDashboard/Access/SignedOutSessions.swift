import Synchronization

/// Sessions that ended before their time, so that a copied cookie dies with the sign-out.
///
/// Bounded: when it is full, every session issued until that moment ends instead, and the list starts anew. The safe
/// side of a bound is to sign in once more.
final class SignedOutSessions: Sendable {
    private struct State {
        var expiryBySerial: [String: Int64] = [:]
        var validFrom: Int64 = .min
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int = 1024) {
        self.capacity = capacity
    }

    func end(_ session: Session, now: Int64) {
        state.withLock { state in
            if state.expiryBySerial.count >= capacity {
                state.expiryBySerial = state.expiryBySerial.filter { $0.value > now }
            }
            if state.expiryBySerial.count >= capacity {
                state.expiryBySerial = [:]
                state.validFrom = now + 1
            } else {
                state.expiryBySerial[session.serial] = session.expires
            }
        }
    }

    func contains(_ session: Session) -> Bool {
        state.withLock { session.issued < $0.validFrom || $0.expiryBySerial[session.serial] != nil }
    }
}
