import Foundation

/// Advisories by the packages they name and by their ids.
struct OSVDatabase: Sendable {
    let stamp: DatabaseStamp
    /// Files that are no advisory.
    let unreadable: [SkippedFile]
    private let byName: [String: OSVRecord]
    private let swiftByLocation: [PackageLocation: [OSVRecord]]
    private let swiftByUsualHost: [PackageLocation: [OSVRecord]]
    private let swiftByBareName: [String: [OSVRecord]]

    /// OSV's and GitHub's names of the ecosystem.
    private static let swiftEcosystems: Set<String> = ["swifturl", "swift"]

    /// - Throws: ``VulnerabilitySource/Unavailable`` or ``ZipArchive/Damaged``.
    init(_ source: VulnerabilitySource, now: Date = Date()) async throws {
        let (files, fromCache) = try await source.files()
        let decoder = JSONDecoder()
        var records: [OSVRecord] = []
        var unreadable: [SkippedFile] = []
        for (name, bytes) in files {
            if let record = try? decoder.decode(OSVRecord.self, from: Data(bytes)) {
                records.append(record)
            } else if let several = try? decoder.decode([OSVRecord].self, from: Data(bytes)) {
                records += several
            } else {
                unreadable.append(SkippedFile(file: name, reason: "not an advisory in the OSV format"))
            }
        }
        guard !records.isEmpty else {
            throw VulnerabilitySource.Unavailable(description: "\(source.shown): no advisory in it")
        }
        self.unreadable = unreadable
        let latest = records.compactMap(\.modified).max()
        let age = latest.flatMap(Self.moment).map { Int(now.timeIntervalSince($0) / 86_400) }
        stamp = DatabaseStamp(
            source: source.shown, advisories: records.count, modified: latest, ageInDays: age,
            fromCache: fromCache)
        let valid = records.filter { $0.withdrawn == nil }
        byName = Dictionary(
            valid.flatMap { record in record.names.map { ($0, record) } }, uniquingKeysWith: { first, _ in first })
        var byLocation: [PackageLocation: [OSVRecord]] = [:]
        var byUsualHost: [PackageLocation: [OSVRecord]] = [:]
        var byBareName: [String: [OSVRecord]] = [:]
        for record in valid {
            for name in Set(Self.swiftNames(in: record)) {
                if name.contains("/") || name.contains(":") {
                    let location = PackageLocation(name)
                    byLocation[location, default: []].append(record)
                    byUsualHost[location.underUsualHost, default: []].append(record)
                } else {
                    byBareName[PackageLocation(name).identity, default: []].append(record)
                }
            }
        }
        swiftByLocation = byLocation
        swiftByUsualHost = byUsualHost
        swiftByBareName = byBareName
    }

    /// The advisory with one of these ids.
    func record(named names: Set<String>) -> OSVRecord? {
        names.sorted().lazy.compactMap { byName[$0] }.first
    }

    /// An advisory that may affect a package.
    struct Candidate {
        let record: OSVRecord
        let affected: [OSVRecord.Affected]
        /// Whether only the last part of the package's address fits, because the advisory gives no more, or the host
        /// has another of its names.
        let isProbable: Bool
    }

    /// The advisories that name a Swift package, those with its whole address first.
    func candidates(for location: PackageLocation) -> [Candidate] {
        let exact = (swiftByLocation[location] ?? []).map { record in
            Candidate(
                record: record, affected: entries(of: record) { PackageLocation($0) == location }, isProbable: false)
        }
        let usual = location.underUsualHost
        var known = Set(exact.map(\.record.id))
        let elsewhere = (swiftByUsualHost[usual] ?? []).filter { known.insert($0.id).inserted }.map { record in
            Candidate(
                record: record, affected: entries(of: record) { PackageLocation($0).underUsualHost == usual },
                isProbable: true)
        }
        let probable = (swiftByBareName[location.identity] ?? []).filter { !known.contains($0.id) }.map { record in
            Candidate(
                record: record, affected: entries(of: record) { PackageLocation($0).description == location.identity },
                isProbable: true)
        }
        return exact + elsewhere + probable
    }

    private func entries(of record: OSVRecord, where matches: (String) -> Bool) -> [OSVRecord.Affected] {
        (record.affected ?? []).filter { affected in
            affected.package.map { Self.isSwift($0) && matches($0.name) } ?? false
        }
    }

    private static func swiftNames(in record: OSVRecord) -> [String] {
        (record.affected ?? []).compactMap(\.package).filter(isSwift).map(\.name)
    }

    private static func isSwift(_ package: OSVRecord.Package) -> Bool {
        let ecosystem = package.ecosystem.lowercased().prefix { $0 != ":" }
        return swiftEcosystems.contains(String(ecosystem))
    }

    private static func moment(_ text: String) -> Date? {
        // Fractions of a second come in any number of digits.
        let whole = text.prefix { $0 != "." && $0 != "Z" } + "Z"
        return try? Date(String(whole), strategy: .iso8601)
    }
}

/// What became of the database: none was given, it could not be read, or here it is.
enum LoadedDatabase: Sendable {
    case notGiven
    case unavailable(String)
    case loaded(OSVDatabase)

    /// Reads it, whatever happens.
    init(_ source: VulnerabilitySource?) async {
        guard let source else {
            self = .notGiven
            return
        }
        do {
            self = .loaded(try await OSVDatabase(source))
        } catch {
            self = .unavailable(String(describing: error))
        }
    }

    var value: OSVDatabase? {
        if case .loaded(let database) = self { database } else { nil }
    }
}
