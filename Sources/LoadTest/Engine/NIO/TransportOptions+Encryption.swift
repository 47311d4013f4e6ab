import NIOSSL

extension TransportOptions {
    /// How connections are encrypted.
    var encryption: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if isInsecure { configuration.certificateVerification = .none }
        if let certificateAuthority { configuration.trustRoots = .file(certificateAuthority) }
        return configuration
    }
}
