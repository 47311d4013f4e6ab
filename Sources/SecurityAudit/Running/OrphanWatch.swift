import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Makes this process the parent of every descendant whose own parent ends, so that none gets away.
///
/// A tool's child can leave its session, its parent and its environment, and then nothing tells whose it was; but it
/// stays below this process. That holds for the whole process and all it starts, so it is for a command, which has
/// nothing else running, and not for the library: see `PR_SET_CHILD_SUBREAPER` in prctl(2). Elsewhere than on Linux
/// this does nothing.
public struct OrphanWatch: Sendable {
    /// Adopts from here on.
    public init() {
        #if os(Linux)
            // Swift does not import C functions with `...`; on Linux they take whole numbers like any other.
            typealias Control =
                @convention(c) (CInt, CUnsignedLong, CUnsignedLong, CUnsignedLong, CUnsignedLong) -> CInt
            guard let symbol = dlsym(nil, "prctl") else { return }
            let setChildSubreaper: CInt = 36  // linux/prctl.h, which Swift does not import either
            _ = unsafeBitCast(symbol, to: Control.self)(setChildSubreaper, 1, 0, 0, 0)
        #endif
    }

    /// Kills all that is still below this process.
    public func killAll() { ProcessTree.killDescendants(of: getpid()) }
}
