import Foundation

/// Where everything of the dashboard stands on the host.
enum DashboardPath {
    static let page = "/admin/perf"
    static let json = "/admin/perf.json"
    static let route = "/admin/perf/route"
    static let events = "/admin/perf/events"
    static let signIn = "/admin/perf/sign-in"
    static let signOut = "/admin/perf/sign-out"
    static let assets = "/admin/perf/assets"
    static let metrics = "/metrics"

    /// A path with its query, every value percent-encoded.
    static func link(_ path: String, _ query: [(String, String?)]) -> String {
        let pairs = query.compactMap { name, value in value.map { "\(name)=\($0.queryEncoded)" } }
        return pairs.isEmpty ? path : "\(path)?\(pairs.joined(separator: "&"))"
    }
}

extension String {
    /// Percent-encoded down to RFC 3986's unreserved characters and the slash.
    var queryEncoded: String {
        var encoded = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += String(format: "%%%02X", byte)
            }
        }
        return encoded
    }
}
