import Crypto
import Foundation

/// The secret that opens the dashboard: visible ASCII, 16 characters at least.
public struct AdminToken: Sendable {
    /// The fewest characters a token may have.
    public static let minimumLength = 16

    private let value: String

    /// Takes a token as the environment gave it.
    ///
    /// - Throws: ``AdminTokenError`` when it is too short or could not travel in an `Authorization` header.
    public init(_ value: String) throws(AdminTokenError) {
        guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .unusableCharacter }
        guard value.utf8.count >= Self.minimumLength else { throw .tooShort(length: value.utf8.count) }
        self.value = value
    }

    /// Compares in constant time: both sides are first turned into codes of the same length under a key that lives
    /// for this call only, so that neither length nor common prefix shows in the time taken.
    func matches(_ candidate: String) -> Bool {
        let key = SymmetricKey(size: .bits256)
        let expected = HMAC<SHA256>.authenticationCode(for: Data(value.utf8), using: key)
        return HMAC<SHA256>.isValidAuthenticationCode(expected, authenticating: Data(candidate.utf8), using: key)
    }

    /// A key for one purpose, so that changing the token ends every session and no use weakens another
    /// (HKDF, RFC 5869).
    func key(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(value.utf8)),
            info: Data(purpose.utf8),
            outputByteCount: 32
        )
    }
}

extension AdminToken: CustomStringConvertible, CustomReflectable {
    /// Never the token itself, so that a log line cannot give it away.
    public var description: String { "AdminToken(hidden)" }

    /// Without the token, for `dump` and debuggers' printing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a string cannot be the admin token. The description says how to mend it and never repeats the token.
public enum AdminTokenError: Error, Hashable, CustomStringConvertible {
    /// The token has fewer than ``AdminToken/minimumLength`` characters.
    case tooShort(length: Int)
    /// The token holds a space, a control character or something outside ASCII.
    case unusableCharacter

    /// What is wrong with the token, and how to make a good one.
    public var description: String {
        switch self {
        case .tooShort(let length):
            "The admin token has \(length) characters and needs \(AdminToken.minimumLength) at least: "
                + "set ADMIN_TOKEN to the output of `openssl rand -hex 16`."
        case .unusableCharacter:
            "The admin token holds a character that cannot travel in a header (a space, a control character or one "
                + "outside ASCII): set ADMIN_TOKEN to the output of `openssl rand -hex 16`."
        }
    }
}
