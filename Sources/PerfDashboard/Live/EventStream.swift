import Foundation
import Hummingbird
import NIOCore
import ServiceLifecycle

/// One viewer's stream of server-sent events (WHATWG HTML, section 9.2): the sections that changed since the last tick.
struct EventStream: Sendable {
    let pages: LivePages
    let options: PageOptions
    /// A stream ends after this long; the browser comes back at once and is asked who it is again.
    static let longest: Duration = .seconds(15 * 60)

    func write(to writer: inout any ResponseBodyWriter) async throws {
        let end = ContinuousClock.now + Self.longest
        var shown: [String: PageSection] = [:]
        try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
        for await tick in Ticks(pages: pages, end: end).cancelOnGracefulShutdown() {
            let sections = await pages.sections(options, tick: tick)
            let changed = sections.filter { shown[$0.id] != $0 }
            for section in changed { shown[section.id] = section }
            let event =
                changed.isEmpty
                ? Self.event("alive", "") : Self.event("sections", changed.map(\.html).joined(separator: "\n"))
            try await writer.write(ByteBuffer(string: event))
        }
    }

    /// An event whose data may have several lines.
    static func event(_ name: String, _ data: String) -> String {
        let lines = data.split(omittingEmptySubsequences: false) { $0.isNewline }
        return "event: \(name)\n" + lines.map { "data: \($0)\n" }.joined() + "\n"
    }
}

/// The current tick at once, then every tick as it begins.
private struct Ticks: AsyncSequence, Sendable {
    let pages: LivePages
    let end: ContinuousClock.Instant

    func makeAsyncIterator() -> Iterator { Iterator(pages: pages, end: end) }

    struct Iterator: AsyncIteratorProtocol {
        let pages: LivePages
        let end: ContinuousClock.Instant
        private var isFirst = true

        init(pages: LivePages, end: ContinuousClock.Instant) {
            self.pages = pages
            self.end = end
        }

        mutating func next() async -> Int64? {
            if isFirst {
                isFirst = false
            } else {
                guard ContinuousClock.now < end else { return nil }
                do { try await Task.sleep(for: pages.timeToNextTick(from: .now)) } catch { return nil }
            }
            return pages.tick(at: .now)
        }
    }
}
