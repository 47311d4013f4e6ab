import Foundation
import NIOCore

extension Machine {
    /// How many cores the scheduler lets this process have, at least 1.
    ///
    /// The least of what the machine has, its control group allows and its affinity (`taskset`, a cpuset) allows. Two
    /// event loops that share one core take turns instead of answering, which cost a tenth of the processor time.
    static var availableCores: Int {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        return max(1, min(System.coreCount, status.flatMap(allowedProcessors) ?? .max))
    }

    /// The number of processors in `Cpus_allowed_list` of `/proc/PID/status`, a list of numbers and ranges such as
    /// `0-3,8`: proc_pid_status(5). `nil` where the line is missing or says something else.
    static func allowedProcessors(inStatus status: String) -> Int? {
        let key = "Cpus_allowed_list:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
        var count = 0
        for range in line.dropFirst(key.count).split(separator: ",") {
            let bounds = range.split(separator: "-").map { Int($0.trimmingCharacters(in: .whitespaces)) }
            guard let first = bounds.first ?? nil, let last = bounds.last ?? nil, first <= last, bounds.count <= 2
            else {
                return nil
            }
            count += last - first + 1
        }
        return count > 0 ? count : nil
    }
}
