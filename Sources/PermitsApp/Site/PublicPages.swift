import Foundation
import HTTPTypes
import Hummingbird
import MarkupText

/// What everybody may read: the landing page, search, permits, districts and the site map.
struct PublicPages<Context: RequestContext>: Sendable {
    let site: Site
    let permits: any PermitStore

    func addRoutes(to router: some RouterMethods<Context>) {
        router.get("/", use: landing)
        router.get("/search", use: search)
        router.get("/permits/{id}", use: permit)
        router.get("/demo", use: demo)
        router.get("/sitemap.xml", use: siteMap)
    }

    @Sendable private func landing(_ request: Request, _ context: Context) async throws -> Response {
        let latest = try await permits.latest(limit: 12)
        return try site.page("landing", ["title": "Building permits", "permits": latest.map(Site.card)])
    }

    @Sendable private func search(_ request: Request, _ context: Context) async throws -> Response {
        let query = request.uri.queryParameters["q"].map(String.init) ?? ""
        guard query.utf8.count <= 200 else {
            throw HTTPError(.badRequest, message: "A search takes at most 200 bytes, this one has \(query.utf8.count).")
        }
        let words = query.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !words.isEmpty else {
            return try site.page(
                "search", ["title": "Search", "query": "", "heading": "Type a word to begin", "permits": [String]()])
        }
        let found = try await permits.search(words, limit: 20)
        let heading = found.total == 1 ? "1 permit" : "\(found.total) permits"
        return try site.page(
            "search",
            [
                "title": "Search: \(words)", "query": words, "heading": heading,
                "permits": found.permits.map(Site.card),
            ])
    }

    @Sendable private func permit(_ request: Request, _ context: Context) async throws -> Response {
        guard let id = context.parameters.get("id", as: Int.self), let permit = try await permits.permit(id: id)
        else { throw HTTPError(.notFound, message: "There is no such permit.") }
        return try site.page("permit", ["title": permit.number, "permit": Site.card(permit)])
    }

    @Sendable private func demo(_ request: Request, _ context: Context) async throws -> Response {
        let districts = try await permits.districts().map { summary -> [String: Any] in
            [
                "district": summary.district, "permits": summary.permits, "open": summary.open,
                "cost": "$" + summary.meanCost.formatted(.number.locale(Locale(identifier: "en_US"))),
                "query": summary.district.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "",
            ]
        }
        return try site.page("demo", ["title": "Districts", "districts": districts])
    }

    /// Written piece by piece as the register is read, so that its size is never held in memory.
    @Sendable private func siteMap(_ request: Request, _ context: Context) async throws -> Response {
        let origin = "http://\(request.head.authority ?? "127.0.0.1")"
        let permits = permits
        // The first piece is read before the head is sent, so that a broken register is a 500 and not half a page.
        let first = try await permits.ids(after: 0, limit: 1_000)
        return Response(
            status: .ok, headers: Site.headers(type: "application/xml; charset=utf-8"),
            body: ResponseBody { writer in
                var piece = ByteBuffer(
                    string: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
                        + "<url><loc>\(origin.markupEscaped)/</loc></url>\n")
                var ids = first
                while let last = ids.last {
                    for id in ids { piece.writeString("<url><loc>\(origin.markupEscaped)/permits/\(id)</loc></url>\n") }
                    try await writer.write(piece)
                    piece.clear()
                    ids = try await permits.ids(after: last, limit: 1_000)
                }
                piece.writeString("</urlset>\n")
                try await writer.write(piece)
                try await writer.finish(nil)
            })
    }
}
