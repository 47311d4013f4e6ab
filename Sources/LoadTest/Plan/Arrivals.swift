import Foundation
import LatencyComparison

/// When requests are due.
public enum Arrivals: Sendable, Hashable {
    /// Closed loop: each connection sends its next request when the one before has been answered.
    case closed
    /// Open loop: so many requests a second, evenly spaced, whatever the answers.
    case constant(rate: Double)
    /// Open loop: so many requests a second on average, with exponentially distributed gaps drawn from a seed.
    case poisson(rate: Double, seed: UInt64)

    /// The asked rate in requests a second; `nil` for the closed loop.
    public var rate: Double? {
        switch self {
        case .closed: nil
        case .constant(let rate): rate
        case .poisson(let rate, _): rate
        }
    }
}

/// The due times of one loop's share of the arrivals. None of them depends on when a timer woke up.
///
/// Constant arrivals have the closed form `start + (k × loops + loop) / rate`: the loops' phases interleave, so all
/// loops together are evenly spaced. Poisson arrivals are one independent process a loop, which add up to one.
struct ArrivalSchedule {
    private let arrivals: Arrivals
    private let start: UInt64
    private let loop: Int
    private let loops: Int
    private var issued = 0
    private var poissonElapsed = 0.0
    private var random: SeededGenerator

    /// The next request's due time in nanoseconds of the monotonic clock; `nil` when that is "now" (closed loop).
    private(set) var nextDue: UInt64?

    init(_ arrivals: Arrivals, start: UInt64, loop: Int, of loops: Int) {
        self.arrivals = arrivals
        self.start = start
        self.loop = loop
        self.loops = loops
        if case .poisson(_, let seed) = arrivals {
            random = SeededGenerator(seed: seed &+ UInt64(loop) &* 0x9E37_79B9_7F4A_7C15)
        } else {
            random = SeededGenerator(seed: 0)
        }
        setNextDue()
    }

    /// Goes on to the request after the next.
    mutating func advance() {
        issued += 1
        setNextDue()
    }

    private mutating func setNextDue() {
        switch arrivals {
        case .closed:
            nextDue = nil
        case .constant(let rate):
            nextDue = start + UInt64((Double(issued * loops + loop) * 1e9 / rate).rounded())
        case .poisson(let rate, _):
            poissonElapsed += -log(1 - Double.random(in: 0..<1, using: &random)) * Double(loops) * 1e9 / rate
            nextDue = start + UInt64(poissonElapsed.rounded())
        }
    }
}
