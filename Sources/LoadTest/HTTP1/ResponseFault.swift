/// What is wrong with an HTTP/1.1 response. Each case ends the connection, because the next message's start is unknown.
package enum ResponseFault: Error, Hashable, Sendable {
    /// The first line is not `HTTP/1.x NNN reason`.
    case badStatusLine
    /// A header line has no colon, an empty or blank-containing name, or continues the line before (obsolete folding).
    case badHeader
    /// The head is longer than ``ResponseParser/headLimit``, or a chunk-size line longer than that.
    case headTooLarge
    /// `Content-Length` is not a number, or two of them differ (RFC 9112, 6.3).
    case badContentLength
    /// A transfer coding that does not end in `chunked`, or one beside a `Content-Length`: how long the body is cannot
    /// be known, and a proxy on the way may see it differently (response splitting).
    case badTransferEncoding
    /// A chunk does not begin with a hexadecimal size or does not end in a line break.
    case badChunk
    /// Bytes after the end of a response that nobody asked for.
    case unexpectedBytes
    /// The connection ended in the middle of a response.
    case truncated
}
