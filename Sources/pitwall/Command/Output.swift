import Foundation

/// What a command hands over besides files. Neither a full disk nor a terminal that is gone ends the process.
enum Output {
    /// Writes a result to stdout.
    ///
    /// - Throws: ``OutputError`` when it cannot be written whole: a program that reads it must not take it for whole.
    static func write(_ data: Data) throws(OutputError) {
        do {
            try FileHandle.standardOutput.write(contentsOf: data)
        } catch {
            throw OutputError(reason: error.localizedDescription)
        }
    }

    /// Sends what `print` has buffered, when somebody waits for a line of it: a pipe would otherwise hold it back.
    static func flush() { fflush(nil) }

    /// Tells people something on stderr; when nobody can read it, nothing is to be done about that.
    static func tell(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}

/// Stdout did not take a result.
struct OutputError: Error, CustomStringConvertible {
    let reason: String

    var description: String { "stdout cannot be written: \(reason)" }
}
