import Foundation

/// Runs blocking work on a thread of its own with a stack that deep syntax trees fit into.
///
/// Tasks run on threads with half a megabyte on some platforms, and the parser recurses. Pages of the stack are only
/// taken when touched.
enum LargeStackThread {
    static let stackSize = 256 << 20

    static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = stackSize
            thread.name = "SwiftScanner"
            thread.start()
        }
    }
}
