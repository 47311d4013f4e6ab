import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A download that is given up when it is larger than allowed or takes too long, however slowly it trickles.
final class BoundedDownload: NSObject, URLSessionDataDelegate {
    /// Why nothing was downloaded.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let limit: Int
    private let state: Mutex<State>

    private struct State {
        var bytes = Data()
        var failure: Failure?
        var waiting: CheckedContinuation<Data, any Error>?
    }

    private init(limit: Int) {
        self.limit = limit
        state = Mutex(State())
    }

    /// The body of a response with status 200.
    ///
    /// - Parameters:
    ///   - url: An http or https URL.
    ///   - limit: The largest body in bytes.
    ///   - seconds: What the whole may take.
    static func data(from url: URL, limit: Int, seconds: Double) async throws -> Data {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = min(30, seconds)
        configuration.timeoutIntervalForResource = seconds
        let download = BoundedDownload(limit: limit)
        let session = URLSession(configuration: configuration, delegate: download, delegateQueue: nil)
        defer { session.invalidateAndCancel() }
        let task = session.dataTask(with: url)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                download.state.withLock { $0.waiting = continuation }
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
    }

    private func fail(_ reason: String) { state.withLock { $0.failure = $0.failure ?? Failure(description: reason) } }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        if status != 200 {
            fail("status \(status)")
        } else if response.expectedContentLength > Int64(limit) {
            fail("\(response.expectedContentLength) bytes, the limit is \(limit)")
        } else {
            return completionHandler(.allow)
        }
        completionHandler(.cancel)
    }

    /// A redirect may lead to another host, as those of storage services do, but not out of TLS.
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        if Self.maySend(from: response.url, to: request.url) { return completionHandler(request) }
        fail("it redirects to \(request.url?.scheme ?? "nowhere"), away from https")
        completionHandler(nil)
    }

    static func maySend(from: URL?, to: URL?) -> Bool {
        switch to?.scheme?.lowercased() {
        case "https": true
        case "http": from?.scheme?.lowercased() == "http"
        default: false
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let size = state.withLock { state in
            state.bytes += data
            return state.bytes.count
        }
        guard size > limit else { return }
        fail("more than \(limit) bytes")
        dataTask.cancel()
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let (waiting, result) = state.withLock { state in
            let result: Result<Data, any Error> =
                if let failure = state.failure {
                    .failure(failure)
                } else if let error {
                    .failure(Failure(description: error.localizedDescription))
                } else {
                    .success(state.bytes)
                }
            defer { state.waiting = nil }
            return (state.waiting, result)
        }
        waiting?.resume(with: result)
    }
}
