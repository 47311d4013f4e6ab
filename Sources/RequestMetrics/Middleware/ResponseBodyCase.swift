import Hummingbird
import NIOCore

/// What a response body is made of, which Hummingbird decides by and does not tell.
enum ResponseBodyCase {
    case byteBuffer
    case empty
    /// Written by a closure, or unknown.
    case closure

    /// The case of a body.
    ///
    /// Reflection would tell too, for some microseconds a request: more than all the rest of measuring it.
    @inline(__always)
    static func of(_ body: ResponseBody) -> ResponseBodyCase {
        Twin.isFaithful ? Twin.readCase(of: body) : .closure
    }

    /// An enumeration with the cases and payloads of the one inside Hummingbird's `ResponseBody`.
    ///
    /// Reading the one as the other is safe while both are laid out alike: the compiler lays out equal declarations
    /// equally, and ``isFaithful`` makes sure, once, that they still are equal. Only the case is read, never a payload, so
    /// that no reference is counted through the twin.
    private enum Twin {
        case byteBuffer(ByteBuffer)
        case empty
        case closure(Int?, @Sendable (inout any ResponseBodyWriter) async throws -> Void)

        @inline(__always)
        static func readCase(of body: ResponseBody) -> ResponseBodyCase {
            withUnsafePointer(to: body) { pointer in
                pointer.withMemoryRebound(to: Twin.self, capacity: 1) { twin in
                    switch twin.pointee {
                    case .byteBuffer: .byteBuffer
                    case .empty: .empty
                    case .closure: .closure
                    }
                }
            }
        }

        /// Whether Hummingbird's enumeration still has this layout: its size, and what bodies of every kind read as.
        /// Where it has not, every body counts as a closure: all is measured as before, with more writes.
        static let isFaithful: Bool = {
            let large = ByteBuffer(repeating: 1, count: 1 << 20)
            let slice = large.getSlice(at: 70_001, length: 900_000) ?? large
            let samples: [(body: ResponseBody, kind: ResponseBodyCase)] = [
                (ResponseBody(), .empty),
                (ResponseBody(byteBuffer: ByteBuffer()), .byteBuffer),
                (ResponseBody(byteBuffer: ByteBuffer(string: "a")), .byteBuffer),
                (ResponseBody(byteBuffer: large), .byteBuffer),
                (ResponseBody(byteBuffer: slice), .byteBuffer),
                (ResponseBody { try await $0.finish(nil) }, .closure),
                (ResponseBody(contentLength: 0) { try await $0.finish(nil) }, .closure),
                (ResponseBody(contentLength: .max) { try await $0.write(slice) }, .closure),
            ]
            return MemoryLayout<ResponseBody>.size == MemoryLayout<Twin>.size
                && MemoryLayout<ResponseBody>.alignment == MemoryLayout<Twin>.alignment
                && samples.allSatisfy { caseName(of: $0.body) == "\($0.kind)" && readCase(of: $0.body) == $0.kind }
        }()

        /// The case as reflection shows it.
        private static func caseName(of body: ResponseBody) -> String {
            guard let backing = Mirror(reflecting: body).children.first?.value else { return "" }
            return Mirror(reflecting: backing).children.first?.label ?? "\(backing)"
        }
    }
}
