import Foundation

/// Several ways to do one thing, timed in turn within one run, so that a machine that changes its speed changes it for
/// all of them alike.
public struct Contest {
    /// Nanoseconds an operation took in each round.
    public struct Result {
        /// As given to ``Contest/add(_:_:)``.
        public let name: String
        /// One figure a round.
        public let nanoseconds: [Double]

        /// The median of the rounds.
        public var median: Double { nanoseconds.sorted()[nanoseconds.count / 2] }
        /// The quickest round.
        public var least: Double { nanoseconds.min() ?? 0 }
    }

    private var entrants: [(name: String, run: () -> Void)] = []
    private let operations: Int

    /// - Parameter operations: how many operations one run of an entrant makes.
    public init(operations: Int) { self.operations = operations }

    /// Enters a way to do it; `run` makes all the operations of one round.
    public mutating func add(_ name: String, _ run: @escaping () -> Void) { entrants.append((name, run)) }

    /// One round to warm up, then `rounds` in turn: A B C, A B C, …
    public func run(rounds: Int) -> [Result] {
        var times = Array(repeating: [Double](), count: entrants.count)
        for round in 0...rounds {
            for (index, entrant) in entrants.enumerated() {
                let clock = ContinuousClock()
                let took = clock.measure(entrant.run)
                guard round > 0 else { continue }
                let (seconds, attoseconds) = took.components
                times[index].append((Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(operations))
            }
        }
        return zip(entrants, times).map { Result(name: $0.name, nanoseconds: $1) }
    }
}

/// Runs `body` on as many threads at once and returns when all are done.
public func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let done = DispatchGroup()
    for index in 0..<count {
        done.enter()
        let thread = Thread {
            body(index)
            done.leave()
        }
        thread.start()
    }
    done.wait()
}
