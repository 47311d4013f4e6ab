import Foundation

extension LoadOptions {
    /// Options as a person writes them: text and numbers that are not checked yet.
    package struct Request: Sendable {
        let url: String
        let unixSocket: String?
        let scenarios: [String]
        let concurrency: Int
        let duration: Double
        let requests: Int?
        let rate: Double?
        let isPoisson: Bool
        let seed: UInt64?
        let timeout: Double
        let connectTimeout: Double
        let headers: [String]
        let cookies: [String]
        let bearerVariable: String?
        let adminVariable: String?
        let usesHTTP2: Bool
        let streams: Int
        let isInsecure: Bool
        let certificateAuthority: String?
        let calibrates: Bool

        package init(
            url: String, unixSocket: String? = nil, scenarios: [String] = [], concurrency: Int = 10,
            duration: Double = 30, requests: Int? = nil, rate: Double? = nil, isPoisson: Bool = false,
            seed: UInt64? = nil, timeout: Double = 10, connectTimeout: Double = 5, headers: [String] = [],
            cookies: [String] = [], bearerVariable: String? = nil, adminVariable: String? = nil,
            usesHTTP2: Bool = false, streams: Int = 1,
            isInsecure: Bool = false, certificateAuthority: String? = nil, calibrates: Bool = true
        ) {
            self.url = url
            self.unixSocket = unixSocket
            self.scenarios = scenarios
            self.concurrency = concurrency
            self.duration = duration
            self.requests = requests
            self.rate = rate
            self.isPoisson = isPoisson
            self.seed = seed
            self.timeout = timeout
            self.connectTimeout = connectTimeout
            self.headers = headers
            self.cookies = cookies
            self.bearerVariable = bearerVariable
            self.adminVariable = adminVariable
            self.usesHTTP2 = usesHTTP2
            self.streams = streams
            self.isInsecure = isInsecure
            self.certificateAuthority = certificateAuthority
            self.calibrates = calibrates
        }

        /// Checks everything and makes options of it.
        ///
        /// - Throws: ``UsageError`` for a value that cannot be, ``TargetError``, ``UnknownScenarioError``, and
        ///   ``ScenarioFileError`` for a wrong scenario file.
        package func options(environment: [String: String]) throws -> LoadOptions {
            let target = try Target(url, unixSocket: unixSocket)
            var options = LoadOptions(target: target, scenarios: [])
            (options.scenarios, options.isMix) = try ScenarioSelection.selected(scenarios)
            try check("--concurrency", concurrency, 1...LoadOptions.concurrencyLimit)
            try check("--streams", streams, 1...1_000)
            if streams > 1, !usesHTTP2 {
                throw UsageError("--streams needs --http2: an HTTP/1.1 connection carries one request at a time")
            }
            if let requests { try check("--requests", requests, 1...Int.max) }
            options.concurrency = concurrency
            options.requests = requests
            options.duration = try seconds("--duration", duration, upTo: 86_400)
            options.requestTimeout = try seconds("--timeout", timeout, upTo: 3_600)
            options.connectTimeout = try seconds("--connect-timeout", connectTimeout, upTo: 3_600)
            options.arrivals = try arrivals()
            options.headers = try allHeaders(environment)
            options.admin = try admin(environment)
            options.usesHTTP2 = usesHTTP2
            options.streamsPerConnection = streams
            options.isInsecure = isInsecure
            options.certificateAuthority = certificateAuthority
            options.calibrates = calibrates
            return options
        }

        private func arrivals() throws(UsageError) -> Arrivals {
            if seed != nil, !isPoisson { throw UsageError("--seed needs --arrivals poisson; nothing else is drawn") }
            guard let rate else {
                if isPoisson { throw UsageError("--arrivals poisson needs --rate") }
                return .closed
            }
            guard rate > 0, rate <= 1_000_000 else {
                throw UsageError("--rate is \(rate); it must be above 0 and at most 1000000 requests a second")
            }
            return isPoisson ? .poisson(rate: rate, seed: seed ?? .random(in: 0 ... .max)) : .constant(rate: rate)
        }

        private func allHeaders(_ environment: [String: String]) throws(UsageError) -> [Header] {
            var all: [Header] = []
            for text in headers {
                guard let colon = text.firstIndex(of: ":") else {
                    throw UsageError("--header needs a name, a colon and a value, as in 'Accept: text/html'")
                }
                let name = String(text[..<colon])
                guard name.isToken else { throw UsageError("--header: \"\(name)\" is not a header name") }
                guard !Header.ownNames.contains(name.lowercased()) else {
                    throw UsageError("--header: \(name) is set by the load test itself; leave it out")
                }
                let value = text[text.index(after: colon)...].trimmed
                try checkLine("--header", name, value)
                all.append(Header(name, value))
            }
            for cookie in cookies {
                guard let equals = cookie.firstIndex(of: "=") else {
                    throw UsageError("--cookie needs a name, an equals sign and a value, as in session=abc")
                }
                try checkLine("--cookie", String(cookie[..<equals]), cookie)
            }
            if !cookies.isEmpty { all.append(Header("Cookie", cookies.joined(separator: "; "))) }
            if let bearerVariable {
                let token = try secret(bearerVariable, of: "--bearer-env", environment)
                all.append(Header("Authorization", "Bearer \(token)"))
            }
            return all
        }

        /// The value is not told: it may be a secret.
        private func checkLine(_ option: String, _ name: String, _ value: String) throws(UsageError) {
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw UsageError("\(option): the value of \(name) holds a line break or another control character")
            }
        }

        /// The token for the requests may be an admin's; if it is not, nobody said that it was.
        private func admin(_ environment: [String: String]) throws(UsageError) -> LoadOptions.AdminAccess? {
            if let adminVariable {
                return .init(token: try secret(adminVariable, of: "--admin-token-env", environment))
            }
            guard let bearerVariable else { return nil }
            return .init(token: try secret(bearerVariable, of: "--bearer-env", environment), isExpected: false)
        }

        private func secret(
            _ variable: String, of option: String, _ environment: [String: String]
        ) throws(UsageError) -> String {
            guard let token = environment[variable], !token.isEmpty else {
                throw UsageError("\(option): the environment variable \(variable) is not set")
            }
            guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw UsageError("\(option): the value of \(variable) holds a blank or another character no header may")
            }
            return token
        }

        private func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws(UsageError) {
            guard !range.contains(value) else { return }
            let upper = range.upperBound == Int.max ? "" : " and at most \(range.upperBound)"
            throw UsageError("\(option) is \(value); it must be at least \(range.lowerBound)\(upper)")
        }

        private func seconds(_ option: String, _ value: Double, upTo most: Double) throws(UsageError) -> Duration {
            guard value > 0, value <= most else {
                throw UsageError("\(option) is \(value); it must be above 0 and at most \(Int(most)) seconds")
            }
            return .nanoseconds(Int64(value * 1e9))
        }
    }
}

extension LoadOptions {
    /// What says how certificates are checked means nothing where there are none.
    ///
    /// - Parameter targets: All that is pushed.
    /// - Throws: ``UsageError`` where none of the targets is encrypted and a certificate was spoken of.
    func checkEncryption(of targets: [Target]) throws(UsageError) {
        guard !targets.contains(where: \.isSecure) else { return }
        let option = isInsecure ? "--insecure" : certificateAuthority.map { "--ca \($0)" }
        guard let option else { return }
        throw UsageError(
            "\(option) has no effect on \(targets.map(\.url).joined(separator: " and ")): nothing is encrypted there; "
                + "write https://, or leave the option out")
    }
}

/// An option whose value cannot be. The command ends with status 64.
public struct UsageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problem in a sentence, with the value at fault and how to mend it.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
