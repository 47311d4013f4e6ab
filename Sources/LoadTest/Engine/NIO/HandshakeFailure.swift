import NIOSSL

/// Why a connection came to nothing before its first request: it could not be encrypted, or what answers speaks another
/// protocol.
enum HandshakeFailure: Sendable, Hashable {
    /// Nobody who is trusted vouches for the certificate, or its time is over.
    case untrusted
    /// The certificate is for other names.
    case wrongName
    /// What answers does not speak TLS.
    case notTLS
    /// The target does not agree to HTTP/2.
    case noHTTP2
    /// What answers without encryption does not speak HTTP/2.
    case notHTTP2
    /// The target ended the connection before it was encrypted.
    case closed
    /// Anything else, as the TLS library puts it.
    case other(String)

    init(_ error: any Error) {
        let text = "\(error)"
        if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
            self = .wrongName
        } else if case NIOSSLError.unableToValidateCertificate = error {
            self = .wrongName
        } else if text.contains("CERTIFICATE_VERIFY_FAILED") {
            self = .untrusted
        } else if text.contains("NO_APPLICATION_PROTOCOL") {
            self = .noHTTP2
        } else if ["WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST"].contains(where: text.contains) {
            self = .notTLS
        } else if case NIOSSLError.uncleanShutdown = error {
            self = .closed
        } else {
            // "… error:1000042e:SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION]": the last word tells.
            let word = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.last { $0.contains("_") }
            self = .other(word.map(String.init) ?? text)
        }
    }

    /// The problem and how to mend it.
    func advice(for target: Target) -> String {
        switch self {
        case .untrusted:
            "the certificate of \(target.host) is not trusted, or its time is over; name the certificates to trust with "
                + "--ca FILE, or accept any with --insecure"
        case .wrongName:
            "the certificate that answers is not for \(target.host); push a name that it is for, or accept any with "
                + "--insecure"
        case .notTLS: "what answers at \(target.authority) does not speak TLS; is it http://\(target.authority)?"
        case .noHTTP2: "\(target.host) does not agree to HTTP/2 over TLS; leave out --http2"
        case .notHTTP2:
            "what answers at \(target.authority) does not speak HTTP/2 without encryption; leave out --http2"
        case .closed: "\(target.host) ended connections before they were encrypted"
        case .other(let text): "TLS with \(target.host) failed: \(text)"
        }
    }
}
