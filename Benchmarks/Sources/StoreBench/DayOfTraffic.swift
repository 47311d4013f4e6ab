import Foundation

/// A day of a service with 60 routes: busy ones and quiet ones, by day more than by night, each with its own latencies.
struct DayOfTraffic {
    static let minutes = 24 * 60

    private let requests: Int
    private let start: Date
    private let shares: [Double]
    private let hours: [Double]

    /// - Parameter requests: how many the day holds, nearly.
    init(requests: Int, endingAt end: Date) {
        self.requests = requests
        start = end.addingTimeInterval(-Double(Self.minutes) * 60)
        // Zipf's law: the n-th route gets 1/n of what the first gets.
        let weights = (1...60).map { 1 / Double($0) }
        let sum = weights.reduce(0, +)
        shares = weights.map { $0 / sum }
        hours = (0..<24).map { 1 + 0.8 * sin(Double($0 - 9) / 24 * 2 * .pi) }
    }

    /// Calls `body` for every route of every minute with the durations of its requests in nanoseconds.
    func forEachMinute(_ body: (_ minute: Date, _ route: Int, _ nanoseconds: [UInt64]) throws -> Void) rethrows {
        var random = SystemRandomNumberGenerator()
        let perMinute = Double(requests) / Double(Self.minutes)
        for minute in 0..<Self.minutes {
            for route in 0..<60 {
                let expected = perMinute * shares[route] * hours[minute / 60]
                // Rounded at random, so that quiet routes have minutes without a request.
                let count = Int(expected + Double.random(in: 0..<1, using: &random))
                guard count > 0 else { continue }
                let center = log(1e6 * (1 + Double(route % 12) * 4))
                let durations = (0..<count).map { _ in UInt64(exp(center + 0.6 * Self.normal(&random))) }
                try body(start.addingTimeInterval(Double(minute) * 60), route, durations)
            }
        }
    }

    static func path(_ route: Int) -> String { "/resource-\(route)/{id}" }

    /// Normal with mean 0 and variance 1 (Box and Muller 1958).
    private static func normal(_ random: inout SystemRandomNumberGenerator) -> Double {
        (-2 * log(Double.random(in: 0x1p-53...1, using: &random))).squareRoot()
            * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
    }
}
