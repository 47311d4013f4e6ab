import RequestMetrics

extension ServeSettings {
    /// How requests are recorded.
    var recording: RecorderSettings {
        var recording = RecorderSettings()
        recording.sampling = SamplingRule(
            slowThreshold: .microseconds(Int64(slowMilliseconds * 1_000)), drawRate: sampleRate)
        return recording
    }

    /// When the drain writes.
    var draining: DrainSettings {
        var draining = DrainSettings()
        draining.interval = .milliseconds(Int64(drainSeconds * 1_000))
        draining.release = release
        return draining
    }

    /// What the store keeps.
    var retention: RetentionSettings {
        var retention = RetentionSettings()
        retention.budget = keep
        return retention
    }
}
