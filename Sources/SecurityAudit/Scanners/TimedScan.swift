/// A scan that ends in time.
///
/// Outside tools are killed by ``ToolProcess``; what is built in is cancelled here.
struct TimedScan: Sendable {
    let scanner: any Scanner
    let job: ScanJob

    /// What outside tools may take beyond their own limit, to be killed and read.
    private static let grace = Duration.seconds(30)

    func run() async -> ScanOutcome {
        await withTaskGroup(of: ScanOutcome?.self) { group in
            group.addTask { await scanner.scan(job) }
            group.addTask {
                let allowed = scanner.isBuiltIn ? job.limits.time : job.limits.time + Self.grace
                return (try? await Task.sleep(for: allowed)) == nil ? nil : .ended(scanner.name, .timedOut)
            }
            var isOver = false
            while let next = await group.next() {
                guard var outcome = next else { continue }
                if outcome.run.state == .timedOut, outcome.run.detail == nil {
                    // The clock was first; the scanner still hands over what it has.
                    isOver = true
                    group.cancelAll()
                    continue
                }
                group.cancelAll()
                if isOver {
                    outcome.run.state = .timedOut
                    outcome.run.detail = "stopped when over its time of \(job.limits.time)"
                }
                return outcome
            }
            return .ended(scanner.name, .failed, "ended without an outcome")
        }
    }
}

extension Scanner {
    fileprivate var isBuiltIn: Bool { [.swift, .dependencies, .secrets].contains(name) }
}
