import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// A key and a certificate that exist in memory only, for as long as the null server does.
enum SelfSignedCertificate {
    /// What encrypts the null server's connections.
    static func serverContext(for wire: WireProtocol) throws -> NIOSSLContext {
        let key = P256.Signing.PrivateKey()
        var serializer = DER.Serializer()
        try serializer.serialize(try certificate(signedBy: Certificate.PrivateKey(key)))
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [
                .certificate(try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der))
            ],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem)))
        configuration.applicationProtocols = wire.usesHTTP2 ? ["h2"] : ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }

    private static func certificate(signedBy key: Certificate.PrivateKey) throws -> Certificate {
        let name = try DistinguishedName { CommonName("localhost") }
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            // Clocks may be set back meanwhile.
            notValidBefore: Date.now.addingTimeInterval(-86_400), notValidAfter: Date.now.addingTimeInterval(86_400),
            issuer: name, subject: name,
            extensions: try Certificate.Extensions { SubjectAlternativeNames([.dnsName("localhost")]) },
            issuerPrivateKey: key)
    }
}
