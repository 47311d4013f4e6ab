/// Counts the secrets that are left out while requests are read.
struct RecordedSecrets {
    private var requests = 0
    private var names: Set<String> = []

    /// The texts of one request without secrets.
    mutating func redact(path: String, body: String? = nil) -> (path: String, body: String?) {
        let path = SecretRedaction(path: path)
        let body = body.map { SecretRedaction(body: $0) }
        let found = path.names + (body?.names ?? [])
        if !found.isEmpty { requests += 1 }
        names.formUnion(found)
        return (path.text, body?.text)
    }

    /// What was left out, for people; empty where nothing was.
    var summary: String {
        guard requests > 0 else { return "" }
        return "secrets in \(requests) \(requests == 1 ? "request" : "requests") replaced by "
            + "\(SecretRedaction.placeholder): \(names.sorted().joined(separator: ", ")). Where the target needs them, "
            + "write a gap such as {{token}} and fill it from a data file or an earlier answer.\n"
    }
}
