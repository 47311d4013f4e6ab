import Dispatch
import Foundation

/// What a run at a terminal needs: a live line on stderr, and Ctrl-C.
struct RunTerminal {
    let interruption = Interruption()
    let live: LiveLine
    private let signals: InterruptSignals

    init() {
        live = LiveLine(isTerminal: isatty(2) == 1) { Self.printError($0) }
        signals = InterruptSignals(interruption)
    }

    /// Lets Ctrl-C end the process again.
    func close() {
        signals.cancel()
    }

    static func printError(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}

/// Ctrl-C and a polite kill raise the interruption; the second one ends the process at once.
final class InterruptSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ interruption: Interruption) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // Two that come close together may be told as one event.
                guard source.data < 2, interruption.raise() else { exit(128 + number) }
                FileHandle.standardError.write(Data("\nstopping; once more to stop at once\n".utf8))
            }
            source.resume()
            return source
        }
    }

    func cancel() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
