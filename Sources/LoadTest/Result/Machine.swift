import Foundation

/// The machine that a result came from; results of different machines are not compared.
public struct Machine: Codable, Sendable, Hashable {
    /// The host's own name.
    public var host: String
    /// The operating system and its version.
    public var system: String
    /// The processor's model, where the system tells it.
    public var processor: String
    /// Cores that the process may use.
    public var cores: Int
    /// Bytes of memory.
    public var memoryBytes: UInt64

    /// The machine that this process runs on.
    public static var current: Machine {
        let info = ProcessInfo.processInfo
        var name = [CChar](repeating: 0, count: 256)
        let host =
            gethostname(&name, name.count - 1) == 0
            ? name.withUnsafeBufferPointer { characters in
                String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            } : "unknown"
        return Machine(
            host: host, system: info.operatingSystemVersionString, processor: processorName,
            cores: availableCores, memoryBytes: info.physicalMemory)
    }

    private static var processorName: String {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).last
        return model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }
}
