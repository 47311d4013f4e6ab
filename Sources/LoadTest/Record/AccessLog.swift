import LatencyComparison

/// Access logs in the common or combined format, as nginx, Apache and Hummingbird's middleware write them.
enum AccessLog {
    private struct Line: Hashable {
        let method: String
        let path: String
    }

    /// Makes a mix of the most frequent requests that were answered well; weights are their counts.
    static func read(
        _ text: String, path: String, most: Int
    ) throws(RecordingError) -> (scenarios: [Scenario], summary: String) {
        var counts: [Line: Int] = [:]
        var order: [Line] = []
        var lines = 0
        var unread = 0
        var unused = 0
        var secrets = RecordedSecrets()
        for line in text.split(whereSeparator: \.isNewline) {
            lines += 1
            guard let (recorded, status) = parse(line) else {
                unread += 1
                continue
            }
            // Only what can be asked again without harm, and what was there.
            guard ["GET", "HEAD"].contains(recorded.method), (200..<400).contains(status) else {
                unused += 1
                continue
            }
            let request = Line(method: recorded.method, path: secrets.redact(path: recorded.path).path)
            if counts[request] == nil { order.append(request) }
            counts[request, default: 0] += 1
        }
        guard !counts.isEmpty else {
            throw RecordingError(
                path: path,
                problem: "no line is a GET or HEAD in the common log format that was answered with 2xx or 3xx "
                    + "(\(lines) lines, \(unread) of another form)")
        }
        let position = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        let ranked = order.sorted { a, b in
            (counts[b] ?? 0, position[a] ?? 0) < (counts[a] ?? 0, position[b] ?? 0)
        }
        let kept = ranked.prefix(most)
        let total = counts.values.reduce(0, +)
        let share = Double(kept.reduce(0) { $0 + (counts[$1] ?? 0) }) / Double(total)
        var names: Set<String> = []
        let scenarios = kept.map { line in
            Scenario(
                name: name(line.path, method: line.method, taken: &names),
                weight: min(1_000_000, counts[line] ?? 1), steps: [Step(method: line.method, path: line.path)])
        }
        return (
            scenarios,
            "\(lines) lines: \(total) requests used, \(unused) not (other methods or failed), \(unread) of another form. "
                + "\(kept.count) of \(counts.count) paths kept, \(share.percent) of the requests.\n"
                + secrets.summary
        )
    }

    /// The request and status of a line such as
    /// `127.0.0.1 - - [23/Nov/2026:14:00:00 +0000] "GET /x HTTP/1.1" 200 12 …`.
    private static func parse(_ line: Substring) -> (Line, Int)? {
        guard let open = line.firstIndex(of: "\"") else { return nil }
        let afterOpen = line.index(after: open)
        guard let close = line[afterOpen...].firstIndex(of: "\"") else { return nil }
        let words = line[afterOpen..<close].split(separator: " ")
        let rest = line[line.index(after: close)...].split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/"), words[1].hasPrefix("/"),
            words[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }), String(words[0]).isToken,
            let status = rest.first.flatMap({ Int($0) })
        else { return nil }
        // Braces would be gaps of a template.
        guard !words[1].contains("{{") else { return nil }
        return (Line(method: String(words[0]), path: String(words[1])), status)
    }

    /// A name that can stand in goals, made of the path.
    static func name(_ path: String, method: String, taken: inout Set<String>) -> String {
        let words = path.prefix { $0 != "?" }.split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
        let base = (method == "GET" ? "" : method.lowercased() + "-") + (words.isEmpty ? "root" : words)
        var name = base
        var number = 2
        while !taken.insert(name).inserted {
            name = "\(base)-\(number)"
            number += 1
        }
        return name
    }
}
