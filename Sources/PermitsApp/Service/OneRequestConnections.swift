import NIOCore
import NIOHTTP1

/// Closes the connections of HTTP/1.0 clients after one response, as they expect (RFC 9112, section 9.3): `ab` waits for it.
/// One that offers to keep the connection is not taken up on it, which it must bear.
///
/// The server closes where a request says `Connection: close`, and does not look at the version; so this says it for them.
/// By the time a server's own handlers are added the version is gone, hence the place right behind the decoder.
final class OneRequestConnections: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    /// Puts one into a connection's pipeline; given to the server as an additional handler.
    final class Installer: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = NIOAny

        func handlerAdded(context: ChannelHandlerContext) {
            let pipeline = context.pipeline.syncOperations
            do {
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                try pipeline.addHandler(OneRequestConnections(), position: .after(decoder))
            } catch {
                // Without it HTTP/1.0 clients wait; with it failing, nobody should.
                context.fireErrorCaught(error)
            }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), head.version == .http1_0 else {
            return context.fireChannelRead(data)
        }
        head.headers.replaceOrAdd(name: "connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
