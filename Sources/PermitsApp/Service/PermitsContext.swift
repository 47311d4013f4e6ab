import Hummingbird
import NIOCore

/// A request's context; it knows the peer's address, so that wrong sign-ins are limited for each client.
struct PermitsContext: RequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    let remoteAddress: SocketAddress?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}
