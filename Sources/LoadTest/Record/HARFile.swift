import Foundation

/// HTTP archives, as browsers export them (HAR 1.2).
enum HARFile {
    private struct Archive: Decodable {
        struct Log: Decodable { let entries: [Entry] }
        struct Entry: Decodable {
            let request: Request
            let response: Response
        }
        struct Request: Decodable {
            struct Header: Decodable {
                let name: String
                let value: String
            }
            struct PostData: Decodable {
                struct Parameter: Decodable {
                    let name: String
                    let value: String?
                }
                let text: String?
                let params: [Parameter]?

                /// The body as it was sent; some write only what was in a form.
                var body: String? {
                    if let text, !text.isEmpty { return text }
                    guard let params, !params.isEmpty else { return text }
                    let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
                    func escaped(_ text: String) -> String {
                        text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
                    }
                    return params.map { "\(escaped($0.name))=\(escaped($0.value ?? ""))" }.joined(separator: "&")
                }
            }
            let method: String
            let url: String
            let headers: [Header]?
            let postData: PostData?
        }
        struct Response: Decodable { let status: Int }
        let log: Log
    }

    /// Headers worth repeating; cookies, tokens and what belongs to the connection are not.
    private static let keptHeaders: Set = ["accept", "accept-language", "content-type", "x-requested-with"]

    /// Makes one scenario of the requests to the first entry's host, in order.
    static func read(_ data: Data, path: String) throws(RecordingError) -> (scenarios: [Scenario], summary: String) {
        let archive: Archive
        do {
            archive = try JSONDecoder().decode(Archive.self, from: data)
        } catch {
            throw RecordingError(
                path: path, problem: "it is JSON but not an HTTP archive (HAR): log.entries is missing or malformed")
        }
        let entries = archive.log.entries
        // Pages also hold what needs no request, such as data: addresses.
        guard
            let host = entries.lazy.compactMap({ URLComponents(string: $0.request.url)?.host }).first(where: {
                !$0.isEmpty
            })
        else {
            throw RecordingError(path: path, problem: "the archive holds no request")
        }
        var steps: [Step] = []
        var withGaps = 0
        var secrets = RecordedSecrets()
        for entry in entries {
            guard let url = URLComponents(string: entry.request.url), url.host == host, entry.request.method.isToken,
                (100...599).contains(entry.response.status)
            else { continue }
            let query = url.percentEncodedQuery.map { "?\($0)" } ?? ""
            let target = (url.percentEncodedPath.isEmpty ? "/" : url.percentEncodedPath) + query
            let headers = (entry.request.headers ?? []).filter {
                keptHeaders.contains($0.name.lowercased()) && $0.value.utf8.allSatisfy { $0 >= 0x20 }
            }
            // Two braces would be read as a gap of a template; a request without its body would be another one.
            let texts = [target, entry.request.postData?.body ?? ""] + headers.map(\.value)
            guard !texts.contains(where: { $0.contains("{{") }) else {
                withGaps += 1
                continue
            }
            let (path, body) = secrets.redact(path: target, body: entry.request.postData?.body)
            steps.append(
                Step(
                    method: entry.request.method.uppercased(), path: path,
                    headers: headers.map { Header($0.name, $0.value) }, body: body,
                    expectation: Expectation(statuses: [entry.response.status...entry.response.status])))
        }
        guard !steps.isEmpty else {
            throw RecordingError(path: path, problem: "no request of the archive to \(host) was answered")
        }
        let name = URL(filePath: path).deletingPathExtension().lastPathComponent
        var taken: Set<String> = []
        let scenario = Scenario(name: AccessLog.name(name, method: "GET", taken: &taken), steps: steps)
        return (
            [scenario],
            "\(entries.count) requests: \(steps.count) to \(host) kept as steps; of their headers "
                + "\(keptHeaders.sorted().joined(separator: ", ")), so neither cookies nor authorisation.\n"
                + (withGaps == 0
                    ? "" : "\(withGaps) left out: they hold {{, which a scenario file would read as a gap.\n")
                + secrets.summary
        )
    }
}
