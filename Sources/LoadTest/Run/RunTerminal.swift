import Foundation

/// What a run at a terminal needs: a live line on stderr, and an end by Ctrl-C or by closing it.
struct RunTerminal {
    let live: LiveLine
    var interruption: Interruption { InterruptSignals.interruption }

    init() {
        live = LiveLine(isTerminal: isatty(2) == 1) { Self.printError($0) }
        InterruptSignals.install()
    }

    /// Lets Ctrl-C end the process again.
    func close() {
        InterruptSignals.remove()
    }

    static func printError(_ text: String) {
        // When nobody can read it, the run goes on: its result is a file.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
