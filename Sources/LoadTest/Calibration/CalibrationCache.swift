import Foundation

/// Keeps calibrations for the machine, version and shape of run that they were made with, in the user's cache folder.
/// A cache that cannot be read or written is no error: the generator is measured again.
struct CalibrationCache {
    private struct Entry: Codable {
        var version: String
        var machine: Machine
        var connections: Int
        var eventLoops: Int
        var calibration: Calibration
    }

    private let limits: RunLimits
    private let folder: URL

    /// Uses `XDG_CACHE_HOME`, or `.cache` in the home folder.
    init(limits: RunLimits, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.limits = limits
        let base =
            environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")
        folder = base.appending(path: "pitwall")
    }

    private var file: URL {
        folder.appending(path: "calibration-\(limits.connections)-\(limits.loops).json")
    }

    func load() -> Calibration? {
        guard let data = try? Data(contentsOf: file), let entry = try? JSONDecoder().decode(Entry.self, from: data),
            entry.version == LoadRunner.version, entry.machine == .current, entry.connections == limits.connections,
            entry.eventLoops == limits.loops
        else { return nil }
        return entry.calibration
    }

    func save(_ calibration: Calibration) {
        let entry = Entry(
            version: LoadRunner.version, machine: .current, connections: limits.connections,
            eventLoops: limits.loops, calibration: calibration)
        guard let data = try? JSONEncoder().encode(entry) else { return }
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? data.write(to: file, options: .atomic)
    }
}
