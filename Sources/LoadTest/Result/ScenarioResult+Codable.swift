/// The percentiles of a scenario stand beside its name in JSON, not below a key of their own.
extension ScenarioResult: Codable {
    private enum CodingKeys: String, CodingKey {
        case scenario, count, errorCount, requestsPerSecond, durationSeconds, answered, sent, repeated
        case bytesReceived, bytesSent, statusClasses, errors, service, firstByte, connect, scheduleLag, steps
        case histogram, blocks
    }

    /// Reads the value from a results file.
    public init(from decoder: any Decoder) throws {
        latency = try LatencySummary(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        scenario = try container.decode(String.self, forKey: .scenario)
        count = try container.decode(UInt64.self, forKey: .count)
        errorCount = try container.decode(UInt64.self, forKey: .errorCount)
        requestsPerSecond = try container.decode(Double.self, forKey: .requestsPerSecond)
        durationSeconds = try container.decode(Double.self, forKey: .durationSeconds)
        answered = try container.decode(UInt64.self, forKey: .answered)
        sent = try container.decode(UInt64.self, forKey: .sent)
        repeated = try container.decode(UInt64.self, forKey: .repeated)
        bytesReceived = try container.decode(UInt64.self, forKey: .bytesReceived)
        bytesSent = try container.decode(UInt64.self, forKey: .bytesSent)
        statusClasses = try container.decode([String: UInt64].self, forKey: .statusClasses)
        errors = try container.decode([String: UInt64].self, forKey: .errors)
        service = try container.decode(LatencySummary.self, forKey: .service)
        firstByte = try container.decode(LatencySummary.self, forKey: .firstByte)
        connect = try container.decode(LatencySummary.self, forKey: .connect)
        scheduleLag = try container.decode(LatencySummary.self, forKey: .scheduleLag)
        steps = try container.decode([StepResult].self, forKey: .steps)
        histogram = try container.decode(EncodedHistogram.self, forKey: .histogram).histogram
        blocks = try container.decode(LatencyBlocks.self, forKey: .blocks)
        try Self.check(0...1e9 ~= durationSeconds, "duration_seconds is \(durationSeconds)", in: container)
        // So many are never reached, and sums of them are whole numbers still.
        try Self.check(count <= 1 << 53, "count is \(count)", in: container)
        try Self.check(errorCount <= count, "error_count \(errorCount) is more than count \(count)", in: container)
    }

    private static func check(
        _ holds: Bool, _ problem: String, in container: KeyedDecodingContainer<CodingKeys>
    ) throws {
        guard !holds else { return }
        throw DecodingError.dataCorrupted(
            .init(codingPath: container.codingPath, debugDescription: "\(problem), which no run gives"))
    }

    /// Writes the value for a results file.
    public func encode(to encoder: any Encoder) throws {
        try latency.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(scenario, forKey: .scenario)
        try container.encode(count, forKey: .count)
        try container.encode(errorCount, forKey: .errorCount)
        try container.encode(requestsPerSecond, forKey: .requestsPerSecond)
        try container.encode(durationSeconds, forKey: .durationSeconds)
        try container.encode(answered, forKey: .answered)
        try container.encode(sent, forKey: .sent)
        try container.encode(repeated, forKey: .repeated)
        try container.encode(bytesReceived, forKey: .bytesReceived)
        try container.encode(bytesSent, forKey: .bytesSent)
        try container.encode(statusClasses, forKey: .statusClasses)
        try container.encode(errors, forKey: .errors)
        try container.encode(service, forKey: .service)
        try container.encode(firstByte, forKey: .firstByte)
        try container.encode(connect, forKey: .connect)
        try container.encode(scheduleLag, forKey: .scheduleLag)
        try container.encode(steps, forKey: .steps)
        try container.encode(EncodedHistogram(histogram), forKey: .histogram)
        try container.encode(blocks, forKey: .blocks)
    }
}

extension LatencyBlocks: Codable {
    private enum CodingKeys: String, CodingKey {
        case seconds, histograms, errors
    }

    /// Reads the value from a results file.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        seconds = try container.decode(Double.self, forKey: .seconds)
        histograms = try container.decode([EncodedHistogram].self, forKey: .histograms).map(\.histogram)
        errors = try container.decode([UInt64].self, forKey: .errors)
        guard 0.001...1e9 ~= seconds else {
            throw DecodingError.dataCorruptedError(
                forKey: .seconds, in: container, debugDescription: "\(seconds) is no length of a block")
        }
    }

    /// Writes the value for a results file.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(histograms.map { EncodedHistogram($0) }, forKey: .histograms)
        try container.encode(errors, forKey: .errors)
    }
}
