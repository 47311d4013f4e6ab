#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Ctrl-C and a polite kill raise the interruption; the second one ends the process at once.
///
/// Plain signal handlers: a dispatch source hears of a signal only when a thread of its queue is free, and on Linux it
/// lost one of two that came close together. All that the handler does is safe inside one (signal-safety(7)): atomic
/// operations, `write` and `_exit`.
enum InterruptSignals {
    /// Of the process, as signals are. Made before the first handler is installed, so that no handler has to.
    static let interruption = Interruption()

    private static let numbers = [SIGINT, SIGTERM]

    static func install() {
        interruption.lower()
        for number in numbers { signal(number, handle) }
    }

    static func remove() {
        for number in numbers { signal(number, SIG_DFL) }
    }

    private static let handle: @convention(c) (Int32) -> Void = { number in
        guard interruption.raise() else { _exit(128 + number) }
        let message: StaticString = "\nstopping; once more to stop at once\n"
        // Nothing is to be done about a terminal that is gone.
        _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
    }
}
