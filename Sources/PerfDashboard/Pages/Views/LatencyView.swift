/// A latency as a page shows it: a badge, or the words that there is no number.
struct LatencyView {
    let number: String?
    let speed: String
    let word: String
    let detail: String
    let isFew: Bool

    init(_ percentile: Percentile) {
        guard let value = percentile.nanoseconds, let range = percentile.range else {
            number = nil
            speed = ""
            word = ""
            isFew = percentile.count > 0
            detail = "\(Format.count(percentile.count)) requests; a percentile needs \(Percentile.fewest)"
            return
        }
        let speed = Speed(nanoseconds: value)
        number = (percentile.quality == .rough ? "~" : "") + Format.duration(nanoseconds: value)
        self.speed = speed.rawValue
        word = speed.words
        isFew = false
        detail =
            "\(percentile.name) of \(Format.count(percentile.count)) requests, ±\(Format.percent(percentile.bucketError)); "
            + "19 times in 20 between \(Format.duration(nanoseconds: range.lowerBound)) and "
            + Format.duration(nanoseconds: range.upperBound)
            + (percentile.quality == .rough ? "; rough, hardly more than the slowest request" : "")
    }

    /// An exact duration: an average, or a single request.
    init(nanoseconds: Double?, detail: String) {
        let speed = nanoseconds.map(Speed.init)
        number = nanoseconds.map(Format.duration)
        self.speed = speed?.rawValue ?? ""
        word = speed?.words ?? ""
        self.detail = detail
        isFew = false
    }
}

/// The four bands of a duration's badge.
enum Speed: String {
    case fast
    case fine
    case slow
    case verySlow = "very-slow"

    /// Fast below 50 ms, fine to 200 ms (what the recorder calls slow begins there), slow to a second.
    init(nanoseconds: Double) {
        switch nanoseconds {
        case ..<50e6: self = .fast
        case ...200e6: self = .fine
        case ...1e9: self = .slow
        default: self = .verySlow
        }
    }

    var words: String { self == .verySlow ? "very slow" : rawValue }
}
