import Foundation

/// Keeps calibrations for the machine, version and shape of run that they were made with, in the user's cache folder.
/// A cache that cannot be read or written is no error: the generator is measured again.
struct CalibrationCache {
    private struct Entry: Codable {
        var version: String
        var machine: Machine
        var shape: CalibrationShape
        var calibration: Calibration
    }

    private let shape: CalibrationShape
    private let folder: URL

    /// Uses `XDG_CACHE_HOME`, or `.cache` in the home folder.
    init(shape: CalibrationShape, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.shape = shape
        let base =
            environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")
        folder = base.appending(path: "pitwall")
    }

    private var file: URL { folder.appending(path: shape.fileName) }

    /// A program that was built for debugging is another generator.
    private static var version: String {
        #if DEBUG
            LoadRunner.version + " debug"
        #else
            LoadRunner.version
        #endif
    }

    func load() -> Calibration? {
        guard let data = try? Data(contentsOf: file), let entry = try? JSONDecoder().decode(Entry.self, from: data),
            entry.version == Self.version, entry.machine == .current, entry.shape == shape
        else { return nil }
        return entry.calibration
    }

    func save(_ calibration: Calibration) {
        let entry = Entry(version: Self.version, machine: .current, shape: shape, calibration: calibration)
        guard let data = try? JSONEncoder().encode(entry) else { return }
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? data.write(to: file, options: .atomic)
    }
}
