import Foundation

/// What a run at a terminal needs: a live line on stderr, and Ctrl-C.
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
        FileHandle.standardError.write(Data(text.utf8))
    }
}
