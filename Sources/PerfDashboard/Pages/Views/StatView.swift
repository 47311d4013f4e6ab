/// One large figure with its label, its error and the figure before.
struct StatView {
    let label: String
    let value: String
    let unit: String
    let tone: String
    let note: String
    let detail: String
    let change: ChangeView?

    init(
        label: String, value: String, unit: String, tone: String, note: String, detail: String, change: ChangeView?
    ) {
        (self.label, self.value, self.unit) = (label, value, unit)
        (self.tone, self.note, self.detail) = (tone, note, detail)
        self.change = change
    }

    init(_ percentile: Percentile, before: Percentile, isComplete: Bool) {
        let parts = percentile.nanoseconds.map(Format.durationParts)
        let view = LatencyView(percentile)
        label = percentile.name
        value = (percentile.quality == .rough ? "~" : "") + (parts?.number ?? (percentile.count > 0 ? "too few" : "–"))
        unit = parts?.unit ?? ""
        switch percentile.nanoseconds.map(Speed.init) {
        case nil: tone = "few"
        case .slow: tone = "amber"
        case .verySlow: tone = "red"
        default: tone = ""
        }
        note =
            switch percentile.quality {
            case .good: "±\(Format.percent(percentile.bucketError)), of \(Format.count(percentile.count))"
            case .rough: "rough, of \(Format.count(percentile.count))"
            case .tooFew where percentile.count > 0: "only \(Format.count(percentile.count)) requests"
            case .tooFew: isComplete ? "no requests" : "not known now"
            }
        detail = view.detail
        change = isComplete && percentile.count > 0 ? ChangeView(latency: Change(from: before, to: percentile)) : nil
    }

    /// How many requests there were.
    init(requests now: Figures, before: Figures, isComplete: Bool) {
        let parts = Format.countParts(now.requests)
        label = "Requests"
        (value, unit) = parts
        tone = ""
        note =
            !isComplete
            ? "waiting in memory"
            : now.isEstimated ? "estimated from \(Format.count(now.seen))" : "every one counted"
        detail = Format.count(now.requests)
        let was = Format.countParts(before.requests)
        change =
            isComplete
            ? ChangeView(
                amount: Change(from: before.requests, to: now.requests),
                was: "\(was.number)\(was.unit.isEmpty ? "" : " ")\(was.unit)") : nil
    }

    /// How many requests came in a second; nil when it cannot be told.
    init(rate: Double?) {
        label = "Rate"
        guard let rate else {
            (value, unit, tone, note) = ("–", "", "few", "not known now")
            (detail, change) = ("not known while the store cannot be read", nil)
            return
        }
        let perMinute = rate < 1
        value = Format.digits(perMinute ? rate * 60 : rate)
        unit = perMinute ? "/min" : "/s"
        tone = ""
        note = "while running"
        detail = "\(Format.digits(rate)) requests a second while a process was alive"
        change = nil
    }

    /// The share of answers that were the server's fault, the client's beside it.
    init(errorRate now: Figures, before: Figures) {
        label = "Errors 5xx"
        value = now.requests > 0 ? Format.percentNumber(now.errorRate) : "–"
        unit = now.requests > 0 ? "%" : ""
        tone = now.serverErrors == 0 ? "" : now.errorRate < 0.01 ? "amber" : "red"
        note = "4xx \(Format.percent(now.clientErrorRate))"
        detail =
            "\(Format.count(now.serverErrors)) server errors, \(Format.count(now.clientErrors)) client errors, "
            + "of \(Format.count(now.requests))"
        change = now.requests > 0 ? ChangeView(errorRate: Change(ofErrorRateFrom: before, to: now)) : nil
    }
}
