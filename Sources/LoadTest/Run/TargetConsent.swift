import Foundation

/// Asks before anything but this machine is pushed.
public enum TargetConsent {
    /// Returns if the target is on this machine, if consent was given beforehand, or if a person at the terminal says
    /// yes.
    ///
    /// - Throws: ``UsageError`` otherwise.
    public static func ask(for target: Target, isGranted: Bool) throws(UsageError) {
        guard !target.isLoopback, !isGranted else { return }
        guard isatty(0) == 1 else {
            throw UsageError(
                "\(target.url) is not on this machine; if you may push it, say so with --yes")
        }
        RunTerminal.printError("\(target.url) is not on this machine. Push it? [y/N] ")
        guard let answer = readLine()?.trimmed.lowercased(), answer == "y" || answer == "yes" else {
            throw UsageError("\(target.url) was not pushed")
        }
    }
}
