import Foundation

/// Swift packages in every `Package.resolved` against an OSV database.
struct DependencyScanner: Scanner {
    let name = ScannerName.dependencies

    func scan(_ job: ScanJob) async -> ScanOutcome {
        let files = job.inventory.files.filter { $0 == "Package.resolved" || $0.hasSuffix("/Package.resolved") }
        // Who names a database wants it used, even where nothing asks for it today.
        if case .unavailable(let reason) = job.database { return .ended(name, .failed, reason) }
        guard !files.isEmpty else { return .ended(name, .notApplicable, "no Package.resolved") }
        guard let database = job.database.value else {
            return .ended(name, .missing, "no vulnerability database; name one by --osv or osv: in the configuration")
        }
        var outcome = ScanOutcome(run: ScannerRun(tool: name.rawValue, version: "built in", state: .ran))
        outcome.run.filesFound = files.count
        outcome.run.database = database.stamp
        outcome.run.skipped = database.unreadable
        let imports = PackageImports(inventory: job.inventory)
        for file in files {
            guard let data = FileManager.default.contents(atPath: job.inventory.absolute(file)) else {
                outcome.run.skipped.append(SkippedFile(file: file, reason: "cannot be read"))
                continue
            }
            do {
                let pins = try PackageResolved(data).pins
                let source = SourceText(bytes: Array(data))
                for pin in pins {
                    judge(pin, in: file, source: source, database: database, imports: imports, outcome: &outcome)
                }
                outcome.run.filesScanned += 1
            } catch {
                outcome.run.skipped.append(SkippedFile(file: file, reason: error.description))
            }
        }
        outcome.run.findings = outcome.findings.count
        return outcome
    }

    private func judge(
        _ pin: PackageResolved.Pin, in file: String, source: SourceText, database: OSVDatabase,
        imports: PackageImports, outcome: inout ScanOutcome
    ) {
        let undecided = { (reason: String) in SkippedFile(file: "\(file): \(pin.identity)", reason: reason) }
        switch pin.kind {
        case .local: return
        case .registry:
            outcome.run.skipped.append(undecided("not decidable: pinned from a registry, which advisories do not name"))
            return
        case .sourceControl:
            guard !pin.location.isEmpty else {
                outcome.run.skipped.append(undecided("not decidable: pinned without an address"))
                return
            }
        }
        let location = PackageLocation(pin.location)
        var found: [Finding] = []
        for candidate in database.candidates(for: location) {
            guard let text = pin.version, let version = SemanticVersion(text) else {
                let pinned = pin.branch.map { "branch \($0)" } ?? pin.version ?? "a revision"
                outcome.run.skipped.append(
                    undecided("not decidable: pinned to \(pinned), \(candidate.record.id) counts versions"))
                continue
            }
            switch isAffected(version, text: text, by: candidate) {
            case false: continue
            case nil:
                outcome.run.skipped.append(
                    undecided("not decidable: \(candidate.record.id) has versions that are none"))
            case true:
                let next = finding(
                    candidate, pin: pin, version: version, file: file, source: source, imports: imports)
                if let same = found.firstIndex(where: { $0.tellsOfTheSame(as: next) }) {
                    found[same].take(in: next)
                } else {
                    found.append(next)
                }
            }
        }
        outcome.findings += found
        if pin.version == nil, database.candidates(for: location).isEmpty {
            outcome.run.notDecidable(pin.identity)
        }
    }

    private func isAffected(_ version: SemanticVersion, text: String, by candidate: OSVDatabase.Candidate) -> Bool? {
        var undecided = false
        for affected in candidate.affected {
            if (affected.versions ?? []).contains(where: { $0 == text || SemanticVersion($0) == version }) {
                return true
            }
            for range in affected.ranges ?? [] {
                switch range.contains(version) {
                case true: return true
                case nil: undecided = true
                case false: break
                }
            }
            // An entry with neither versions nor ordered ranges means every version, or needs a history to tell.
            if (affected.versions ?? []).isEmpty, !(affected.ranges ?? []).contains(where: \.isOrdered) {
                undecided = true
            }
        }
        return undecided ? nil : false
    }

    private func finding(
        _ candidate: OSVDatabase.Candidate, pin: PackageResolved.Pin, version: SemanticVersion, file: String,
        source: SourceText, imports: PackageImports
    ) -> Finding {
        let record = candidate.record
        let decision = imports.decide(PackageLocation(pin.location), record: record)
        let fix = candidate.affected.flatMap { $0.ranges ?? [] }.compactMap { $0.fix(after: version) }
            .min { $0.0 < $1.0 }?.1
        let summary = record.summary.map { ": \($0)" } ?? ""
        let probably = candidate.isProbable ? "probably " : ""
        var finding = Finding(
            tool: name.rawValue, rule: record.id,
            title: "\(pin.identity) \(pin.version ?? "") \(probably)has a known vulnerability\(summary)",
            severity: record.severity(of: candidate.affected), confidence: candidate.isProbable ? .low : .high,
            cwe: record.weaknesses,
            file: file)
        finding.region = line(of: pin, in: source).map { Region(startLine: $0) }
        finding.mend = fix.map { "Update \(pin.identity) to \($0) or later." }
        finding.link = "https://osv.dev/vulnerability/\(record.id)"
        finding.advisory = Advisory(
            package: PackageLocation.shown(pin.location), version: pin.version, id: record.id,
            aliases: record.aliases ?? [],
            fixedVersion: fix,
            imported: decision.isImported, importedBecause: decision.because)
        return finding
    }

    private func line(of pin: PackageResolved.Pin, in source: SourceText) -> Int? {
        // JSON may write "/" as "\/".
        let written = [pin.location, pin.location.replacing("/", with: "\\/")]
        return (1...source.lineCount).first { number in
            let text = source.line(number)
            return written.contains { text.contains("\"\($0)\"") }
        }
    }
}

extension ScannerRun {
    /// A pin without a version that no advisory names: nothing to decide today, worth a remark.
    fileprivate mutating func notDecidable(_ identity: String) {
        let remark = "not decidable, pinned without a version: "
        if let detail, detail.hasPrefix(remark) {
            self.detail = detail + ", " + identity
        } else {
            detail = remark + identity
        }
    }
}
