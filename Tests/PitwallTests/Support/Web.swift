import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// One answer of the service.
struct Answer: Sendable {
    let status: Int
    let body: String
    let headers: [String: String]

    func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] ?? [:]
    }
}

/// A client that follows no redirect and keeps no cookie: tests look at each answer.
enum Web {
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    static func get(_ url: String, _ headers: [String: String] = [:], method: String = "GET") async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await client.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 8_000_000)
        return Answer(
            status: Int(response.status.code), body: String(buffer: body),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first })
    }
}
