import Foundation
import Testing

@testable import LoadTest

@Suite struct CalibrationTests {
    /// The ways to nginx, each with the shape of its calibration.
    enum Way: String, CaseIterable {
        case plain, unixSocket, encrypted, clearHTTP2, encryptedHTTP2

        func arguments(_ nginx: Nginx) -> [String] {
            switch self {
            case .plain: ["--url", "http://127.0.0.1:\(nginx.plainPort)"]
            case .unixSocket: ["--url", "http://localhost", "--unix-socket", nginx.unixSocket]
            case .encrypted: ["--url", "https://127.0.0.1:\(nginx.securePort)", "--ca", nginx.certificate]
            case .clearHTTP2: ["--url", "http://127.0.0.1:\(nginx.clearPort)", "--http2"]
            case .encryptedHTTP2:
                ["--url", "https://127.0.0.1:\(nginx.securePort)", "--ca", nginx.certificate, "--http2"]
            }
        }

        var wire: WireProtocol {
            switch self {
            case .plain, .unixSocket: .http1
            case .encrypted: .https1
            case .clearHTTP2: .h2c
            case .encryptedHTTP2: .h2
            }
        }
    }

    @Test("A run is calibrated on the way that its requests take", arguments: Way.allCases)
    func calibrated(way: Way) async throws {
        let nginx = try Nginx.start()
        let load = try LoadProcess()
        let common = ["--concurrency", "2", "--requests", "50", "--rate", "500", "--scenario", "landing"]
        let run = way.arguments(nginx) + common
        let cold = try await load.run(run)
        let result = try LoadResult(contentsOf: load.path("load-test-results.json"))
        let calibration = try #require(result.calibration)
        #expect(calibration.ceiling > 10)
        #expect(calibration.cpuMicrosecondsPerRequest > 0)
        let noise = calibration.noise
        #expect((noise.p99 ?? 0) >= (noise.p50 ?? .infinity))
        #expect(calibration.jitter.p50 != nil)
        #expect(cold.err.contains("generator: up to \(Int(calibration.ceiling)) requests/s here"))
        #expect(!cold.err.contains("not calibrated"))
        let row = cold.err.split(separator: "\n").last { $0.hasPrefix("  landing ") } ?? ""
        let withNoise = row.split(separator: " ").filter { $0.contains("±") }
        #expect(withNoise.count == 3, "\(row)")
        #expect(row.hasSuffix(" %"))

        // What is kept for another way says nothing of this one.
        for other in Way.allCases {
            var shape = CalibrationShape.made(other.wire, connections: 2)
            shape.isUnixSocket = other == .unixSocket
            CalibrationCache(shape: shape, environment: ["XDG_CACHE_HOME": load.folder.path])
                .save(.made(ceiling: other == way ? 777_001 : 5))
        }
        let warm = try await load.run(run)
        #expect(warm.err.contains("generator: up to 777001 requests/s here"))
        #expect(try nginx.stop() == 100)
    }

    @Test(
        "The null servers answer every request of many connections, streams and loops",
        arguments: [WireProtocol.http1, .https1, .h2c, .h2], [false, true])
    func nullServers(wire: WireProtocol, isUnixSocket: Bool) async throws {
        let shape = CalibrationShape(
            wire: wire, isUnixSocket: isUnixSocket, connections: 5, streamsPerConnection: wire.usesHTTP2 ? 8 : 1,
            eventLoops: 2)
        // Throws when one request fails.
        let made = try await Calibrator(shape: shape).measure()
        #expect(made.calibration.ceiling > 10)
    }

    @Test("An interruption ends a calibration, and nothing is kept of it")
    func interrupted() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pitwall-cache-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let shape = CalibrationShape.made(.http1, connections: 2)
        let cache = CalibrationCache(shape: shape, environment: ["XDG_CACHE_HOME": folder.path])
        let interruption = Interruption()
        // While the null server answers: the measurement takes a second or more, and is never waited for here.
        let calibration = Task {
            try await Calibrator.calibration(for: shape, cache: cache, interruption: interruption).calibration
        }
        interruption.raise()
        await #expect(throws: CancellationError.self) { _ = try await calibration.value }
        #expect(cache.load() == nil)

        let server = try ScriptedServer { _ in [.ok()] }
        var options = LoadOptions(target: try Target(server.url), scenarios: [Scenario.builtIn[0]])
        options.calibrates = true
        let result = try await LoadRunner(options, interruption: interruption).run()
        server.stop()
        #expect(result.calibration == nil)
        #expect(result.scenarios.isEmpty)
        #expect(result.validity.stamp == .failed)
        #expect(!result.validity.notes.contains { $0.contains("could not be calibrated") })
    }

    @Test("A calibration is kept for its shape alone")
    func cache() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pitwall-cache-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func cache(_ shape: CalibrationShape) -> CalibrationCache {
            CalibrationCache(shape: shape, environment: ["XDG_CACHE_HOME": folder.path])
        }
        var shapes = [WireProtocol.http1, .https1, .h2c, .h2].map { CalibrationShape.made($0) }
        let changes: [WritableKeyPath<CalibrationShape, Int>] = [\.connections, \.streamsPerConnection, \.eventLoops]
        for change in changes {
            var shape = CalibrationShape.made(.h2)
            shape[keyPath: change] = 3
            shapes.append(shape)
        }
        var unix = CalibrationShape.made()
        unix.isUnixSocket = true
        shapes.append(unix)
        for (index, shape) in shapes.enumerated() {
            #expect(cache(shape).load() == nil)
            cache(shape).save(.made(ceiling: Double(index)))
        }
        #expect(shapes.map { cache($0).load()?.ceiling } == shapes.indices.map(Double.init))
    }

    @Test("A calibration that cannot be made keeps no run from being made, and is told")
    func impossible() async throws {
        let nginx = try Nginx.start()
        let load = try LoadProcess()
        let ended = try await load.run(
            Way.unixSocket.arguments(nginx) + ["--requests", "5", "--scenario", "landing"],
            environment: ["TMPDIR": load.path(String(repeating: "long", count: 40))])
        _ = try nginx.stop()
        #expect(ended.status == 0)
        #expect(
            ended.err.contains("the generator could not be calibrated: "), "\(ended.err)")
        #expect(ended.err.contains("a unix socket's path has between 1 and 107 bytes"))
    }

    @Test("Where descriptors are few, the generator is calibrated with fewer connections")
    func descriptors() async throws {
        let server = try ScriptedServer { _ in [.ok()] }
        let load = try LoadProcess()
        let ended = try await load.run(
            ["--url", server.url, "--concurrency", "100", "--requests", "200", "--scenario", "landing"],
            after: "ulimit -n 164")
        server.stop()
        #expect(ended.status == 0)
        #expect(ended.err.contains("generator: up to "), "\(ended.err)")
    }

    @Test("A steady rise is a trend, noise is none")
    func trend() throws {
        let rise: [Double] = (0..<30).map { (index: Int) in Double(100 + index * 5 + index % 3) }
        let rising = try #require(Trend(rise))
        #expect(rising.isCertain)
        #expect(rising.relativeChange > 0.5)
        let scatter: [Double] = (0..<30).map { (index: Int) in Double(100 + (index * 7_919) % 31) }
        let noise = try #require(Trend(scatter))
        #expect(!noise.isCertain)
        #expect(Trend([1, 2, 3]) == nil)
    }
}
