import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Ends this process as a power cut would, at a step of the journal: how tests show that no step can be lost.
///
/// `PITWALL_CRASH_AT=before:7` stops just before record 7 is written (its predecessor's step is done),
/// `after:7` right after it (its step has not begun).
enum CrashPoint {
    static var fromEnvironment: Journal.StepHook? {
        guard let setting = ProcessInfo.processInfo.environment["PITWALL_CRASH_AT"] else { return nil }
        let parts = setting.split(separator: ":")
        guard parts.count == 2, let index = Int(parts[1]) else { return nil }
        let moment: Journal.Moment = parts[0] == "before" ? .beforeWriting : .afterWriting
        return { step, now in
            if step == index, now == moment { kill(getpid(), SIGKILL) }
        }
    }
}
