#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Ctrl-C, a polite kill and the closing of the terminal raise the interruption; a second one ends the process at once.
/// Of a closing terminal the kernel and the shell may both tell, so that one never counts as the second.
///
/// Plain signal handlers: a dispatch source hears of a signal only when a thread of its queue is free, and on Linux it
/// lost one of two that came close together. All that the handler does is safe inside one (signal-safety(7)): atomic
/// operations, `write` and `_exit`.
enum InterruptSignals {
    /// Of the process, as signals are. Made before the first handler is installed, so that no handler has to.
    static let interruption = Interruption()

    private static let numbers = [SIGINT, SIGTERM, SIGHUP]

    static func install() {
        interruption.lower()
        for number in numbers {
            let before = signal(number, handle)
            // Under nohup the closing of the terminal is nobody's business.
            if number == SIGHUP, isIgnoring(before) { signal(number, SIG_IGN) }
        }
        // A reader of stderr that is gone is an error of the write, and none that ends the run.
        signal(SIGPIPE, SIG_IGN)
    }

    static func remove() {
        for number in numbers where number != SIGHUP { signal(number, SIG_DFL) }
        if !isIgnoring(signal(SIGHUP, SIG_IGN)) { signal(SIGHUP, SIG_DFL) }
        signal(SIGPIPE, SIG_DFL)
    }

    private static func isIgnoring(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private static let handle: @convention(c) (Int32) -> Void = { number in
        guard interruption.raise() else {
            if number == SIGHUP { return }
            _exit(128 + number)
        }
        let message: StaticString = "\nstopping; once more to stop at once\n"
        // Nothing is to be done about a terminal that is gone.
        _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
    }
}
