/// What to push, how hard and for how long.
public struct LoadOptions: Sendable {
    /// The most connections that one run opens.
    public static let concurrencyLimit = 20_000

    /// Where requests go.
    public var target: Target
    /// What is requested. They run one after the other, each for ``duration``, unless ``isMix`` is set.
    public var scenarios: [Scenario]
    /// Run all scenarios at once, in proportion to their weights.
    public var isMix = false
    /// How many connections are open at once; 1 to ``concurrencyLimit``.
    public var concurrency = 10
    /// For how long each scenario, or the mix, is run; more than zero.
    public var duration = Duration.seconds(30)
    /// How many requests each scenario, or the mix, sends at most.
    public var requests: Int?
    /// When requests are due.
    public var arrivals = Arrivals.closed
    /// For how long a connection may take to be made, encryption included.
    public var connectTimeout = Duration.seconds(5)
    /// For how long a response may take, from writing the request to its last byte.
    public var requestTimeout = Duration.seconds(10)
    /// Headers of every request. Their values are never written to results.
    public var headers: [Header] = []
    /// Speak HTTP/2: over TLS when the target agrees to it (ALPN), else with prior knowledge.
    public var usesHTTP2 = false
    /// Requests under way at once on each HTTP/2 connection.
    public var streamsPerConnection = 1
    /// Accept any certificate.
    public var isInsecure = false
    /// A PEM file with the certificates to trust instead of the system's.
    public var certificateAuthority: String?
    /// Read the target's own times before and after, where it runs Pitwall.
    public var admin: AdminAccess?
    /// Measure the generator itself first; without it a result carries no noise and no headroom.
    public var calibrates = true

    /// What opens the target's `/admin/perf.json`.
    public struct AdminAccess: Sendable {
        /// The bearer token. Never written to results.
        public var token: String
        /// Whether a target that does not take it is worth a word: not when the token was given for something else.
        public var isExpected: Bool

        /// Names a token.
        public init(token: String, isExpected: Bool = true) {
            self.token = token
            self.isExpected = isExpected
        }
    }

    /// Makes options with the defaults of the command.
    public init(target: Target, scenarios: [Scenario]) {
        self.target = target
        self.scenarios = scenarios
    }

    var transport: TransportOptions {
        TransportOptions(
            usesHTTP2: usesHTTP2, isInsecure: isInsecure, certificateAuthority: certificateAuthority)
    }

    /// An open loop keeps time best with one queue, so it gets a second event loop only when one could not carry the
    /// rate; a closed loop has no queue and uses all cores.
    func loops(cores: Int) -> Int {
        let most = max(1, min(cores, concurrency))
        guard let rate = arrivals.rate else { return most }
        return max(1, min(most, Int((rate / 20_000).rounded(.up))))
    }

    func limits(cores: Int) -> RunLimits {
        RunLimits(
            connections: concurrency, streamsPerConnection: usesHTTP2 ? streamsPerConnection : 1,
            duration: nanoseconds(duration), requests: requests, connectTimeout: nanoseconds(connectTimeout),
            requestTimeout: nanoseconds(requestTimeout), loops: loops(cores: cores))
    }
}
