import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The record of a run, written ahead of every step and forced to the disk before the step begins.
///
/// One JSON object a line. A line that a crash cut short is the last one and is dropped when the journal is opened:
/// what it was to announce has not begun.
actor Journal {
    /// What tests use to stop the world at a step; `nil` in real runs.
    typealias StepHook = @Sendable (_ index: Int, _ moment: Moment) -> Void

    enum Moment: Sendable {
        case beforeWriting
        case afterWriting
    }

    private(set) var state: RunState
    private let file: FileDescriptor
    private var count: Int
    private let hook: StepHook?

    /// Opens a journal, creating it when there is none, and replays it.
    init(at path: FilePath, hook: StepHook? = nil) throws {
        let entries = try Self.records(at: path)
        var whole = 0
        var state = RunState()
        for (record, length) in entries {
            state.apply(record)
            whole += length
        }
        file = try FileDescriptor.open(
            path, .readWrite, options: [.create], permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.resize(to: Int64(whole))
        try file.seek(offset: 0, from: .end)
        count = entries.count
        self.state = state
        self.hook = hook
    }

    /// Appends a record and waits until the disk has it.
    @discardableResult
    func write(_ step: JournalStep) throws -> RunState {
        let record = JournalRecord(time: Date(), step: step)
        hook?(count, .beforeWriting)
        var line = try JSONEncoder.journal.encode(record)
        line.append(UInt8(ascii: "\n"))
        try file.writeAll(line)
        guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
        state.apply(record)
        hook?(count, .afterWriting)
        count += 1
        return state
    }

    deinit {
        try? file.close()
    }

    /// The state that a journal tells, without opening it for writing.
    static func read(_ path: FilePath) throws -> RunState {
        try records(at: path).reduce(into: RunState()) { $0.apply($1.record) }
    }

    private static func records(at path: FilePath) throws -> [(record: JournalRecord, length: Int)] {
        guard let data = FileManager.default.contents(atPath: path.string) else { return [] }
        var records: [(record: JournalRecord, length: Int)] = []
        var rest = data[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            do {
                records.append((try JSONDecoder.journal.decode(JournalRecord.self, from: Data(line)), line.count + 1))
            } catch {
                let isJSON = (try? JSONSerialization.jsonObject(with: Data(line))) != nil
                throw SprintError.damagedJournal(
                    path.string, line: records.count + 1,
                    isJSON ? "it is no step that this version knows" : "it is no JSON")
            }
            rest = rest[(end + 1)...]
        }
        return records
    }
}

extension JSONEncoder {
    static var journal: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .secondsSince1970
        return encoder
    }
}

extension JSONDecoder {
    static var journal: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        return decoder
    }
}
