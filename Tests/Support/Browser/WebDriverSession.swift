import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Subprocess

/// One browser under one `chromedriver`, spoken to over HTTP.
struct WebDriverSession: Sendable {
    private let base: String

    static func run<Result: Sendable>(
        _ body: @Sendable (WebDriverSession) async throws -> Result
    ) async throws -> Result {
        // Its own process group, so that ending it ends the browser too.
        var platform = PlatformOptions()
        platform.processGroupID = 0
        platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
        let run = try await Subprocess.run(
            .name("chromedriver"), arguments: ["--port=0", "--log-level=WARNING"], platformOptions: platform,
            input: .none, output: .sequence, error: .discarded
        ) { driver in
            var lines = driver.standardOutput.strings().makeAsyncIterator()
            var port: Int?
            while port == nil, let line = try await lines.next() { port = Self.port(in: line) }
            guard let port else { throw BrowserError("chromedriver ended before it said its port; is it installed?") }
            do {
                let session = try await WebDriverSession(port: port)
                let outcome: Swift.Result<Result, any Error>
                do { outcome = .success(try await body(session)) } catch { outcome = .failure(error) }
                try? await session.end()
                await driver.teardown(using: [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))])
                return outcome
            } catch {
                await driver.teardown(using: [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))])
                throw error
            }
        }
        return try run.closureResult.get()
    }

    /// The number in "ChromeDriver was started successfully on port 38515."
    private static func port(in line: String) -> Int? {
        guard line.contains("successfully"), let range = line.range(of: "port ") else { return nil }
        return Int(line[range.upperBound...].prefix(while: \.isNumber))
    }

    private init(port: Int) async throws {
        let options: [String: Any] = [
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
        ]
        let capabilities: [String: Any] = [
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": ["browser": "ALL"],
            "timeouts": ["script": 30_000],
        ]
        let address = "http://127.0.0.1:\(port)/session"
        let answer = try await Self.send(.POST, address, ["capabilities": ["alwaysMatch": capabilities]])
        guard let id = (answer as? [String: Any])?["sessionId"] as? String else {
            throw BrowserError("chromedriver began no session: \(String(describing: answer))")
        }
        base = "\(address)/\(id)"
    }

    func get(_ path: String) async throws -> Any? {
        try await Self.send(.GET, "\(base)/\(path)", nil)
    }

    @discardableResult
    func post(_ path: String, _ body: [String: Any]) async throws -> Any? {
        try await Self.send(.POST, "\(base)/\(path)", body)
    }

    /// A command of Chromium's own protocol.
    @discardableResult
    func devTools(_ command: String, _ parameters: [String: Any]) async throws -> Any? {
        try await post("goog/cdp/execute", ["cmd": command, "params": parameters])
    }

    private func end() async throws {
        _ = try await Self.send(.DELETE, base, nil)
    }

    private static func send(_ method: HTTPMethod, _ address: String, _ body: [String: Any]?) async throws -> Any? {
        var request = HTTPClientRequest(url: address)
        request.method = method
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(try JSONSerialization.data(withJSONObject: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let data = Data(try await response.body.collect(upTo: 64 << 20).readableBytesView)
        let answer = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        guard response.status == .ok else {
            let value = answer?["value"] as? [String: Any]
            throw BrowserError(
                "\(address): \(value?["message"] as? String ?? "\(response.status)")",
                isStale: value?["error"] as? String == "stale element reference")
        }
        let value = answer?["value"]
        return value is NSNull ? nil : value
    }
}
