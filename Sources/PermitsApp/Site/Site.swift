import Foundation
import HTTPTypes
import Hummingbird
import Mustache
import PerfDashboard

/// Turns the register's values into pages.
struct Site: Sendable {
    private let library: MustacheLibrary

    init() throws {
        library = MustacheLibrary(
            templates: try SiteTemplates.all.mapValues { try MustacheTemplate(string: $0) })
    }

    /// Renders a page.
    ///
    /// - Parameters:
    ///   - template: a key of ``SiteTemplates/all``.
    ///   - values: what the template names; everything is escaped.
    func page(_ template: String, _ values: [String: Any], status: HTTPResponse.Status = .ok) throws -> Response {
        guard let html = library.render(values, withTemplate: template) else {
            throw HTTPError(.internalServerError, message: "There is no page called \(template).")
        }
        return Response(
            status: status, headers: Self.headers(type: "text/html; charset=utf-8"),
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    /// The headers of every page: nothing from elsewhere, no script at all.
    static func headers(type: String) -> HTTPFields {
        [
            .contentType: type,
            .contentSecurityPolicy:
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
                + "base-uri 'none'; frame-ancestors 'none'",
            .xContentTypeOptions: "nosniff",
        ]
    }

    /// The dashboard's look, and what the site adds to it.
    func stylesheet() -> Response {
        var headers = Self.headers(type: "text/css; charset=utf-8")
        headers[.cacheControl] = "public, max-age=3600"
        return Response(
            status: .ok, headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: Stylesheet.text + SiteTemplates.stylesheet)))
    }

    static func card(_ permit: Permit) -> [String: Any] {
        [
            "id": permit.id, "number": permit.number, "kind": permit.kind.rawValue, "status": permit.status.rawValue,
            "address": permit.address, "district": permit.district, "applicant": permit.applicant,
            "summary": permit.summary, "filed": permit.filedOn.formatted(.iso8601.year().month().day()),
            "cost": "$" + permit.cost.formatted(.number.locale(Locale(identifier: "en_US"))),
        ]
    }
}
