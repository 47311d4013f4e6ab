import Crypto
import Foundation

/// A file the page loads, named after its content, so that a browser may keep it for a year.
struct Asset: Sendable {
    let name: String
    let contentType: String
    let body: String

    var path: String { "\(DashboardPath.assets)/\(name)" }

    private init(_ stem: String, _ suffix: String, contentType: String, body: String) {
        let digest = SHA256.hash(data: Data(body.utf8)).prefix(6).map { String(format: "%02x", $0) }.joined()
        name = "\(stem)-\(digest).\(suffix)"
        self.contentType = contentType
        self.body = body
    }

    static let stylesheet = Asset("pitwall", "css", contentType: "text/css; charset=utf-8", body: Stylesheet.text)
    static let script = Asset("pitwall", "js", contentType: "text/javascript; charset=utf-8", body: Script.text)
    static let icon = Asset("pitwall", "svg", contentType: "image/svg+xml", body: Icon.text)

    static let byName = Dictionary(uniqueKeysWithValues: [stylesheet, script, icon].map { ($0.name, $0) })
}

/// The mark: three laps of a timing screen.
enum Icon {
    static let text = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" aria-hidden="true"><rect width="24" height="24" rx="6" \
        fill="#1A2035"/><rect x="5" y="6" width="14" height="3" rx="1.5" fill="#22D3EE"/><rect x="5" y="10.5" width="9" \
        height="3" rx="1.5" fill="#60A5FA"/><rect x="5" y="15" width="5" height="3" rx="1.5" fill="#34D399"/></svg>
        """
}
