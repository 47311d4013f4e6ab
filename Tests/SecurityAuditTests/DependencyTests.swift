import Foundation
import Testing

@testable import SecurityAudit

extension AuditTests {
    @Suite("Swift packages against advisories")
    struct DependencyTests {
        private static let nio = "GHSA-7fj7-39wj-c64f"

        private func tree(pins: String, version: Int = 2, source: String = "import NIOHTTP1\n") throws -> Tree {
            let tree = try Tree()
            let text =
                version == 1
                ? "{\"object\": {\"pins\": [\(pins)]}, \"version\": 1}"
                : "{\"pins\": [\n\(pins)\n], \"version\": \(version)}"
            try tree.write(text, to: "Package.resolved")
            try tree.write(source, to: "Sources/App/main.swift")
            return tree
        }

        private func pin(_ location: String, version: String) -> String {
            """
            {"identity": "swift-nio", "kind": "remoteSourceControl", "location": "\(location)",
            "state": {"revision": "abc", "version": "\(version)"}}
            """
        }

        private func audit(_ tree: Tree, database: String = Tree.fixtures.appendingPathComponent("advisories").path)
            async throws
            -> AuditReport
        {
            try await tree.audit("dependencies") { $0.osv = database }
        }

        @Test(arguments: [
            "https://github.com/apple/swift-nio.git", "https://github.com/apple/swift-nio",
            "git@github.com:apple/swift-nio.git", "ssh://git@github.com:22/apple/swift-nio.git",
            "HTTPS://GitHub.com/Apple/Swift-NIO/", "https://user:token@github.com:443/apple/swift-nio.git?x=1#y",
            "https://github.com/apple/swift%2Dnio",
        ])
        func everyWayToWriteAnAddressMatches(location: String) async throws {
            let report = try await audit(tree(pins: pin(location, version: "2.41.0")))
            let finding = try #require(report.findings.first)
            #expect(finding.rule == Self.nio)
            #expect(finding.advisory?.fixedVersion == "2.42.0")
            #expect(finding.severity == .high)
            #expect(finding.cwe == [113, 74])
            #expect(finding.advisory?.imported == true)
            #expect(report.exitStatus == 1)
        }

        @Test(arguments: [
            ("2.0.0", true), ("2.29.0", true), ("2.29.1", false), ("2.40.9", false), ("2.41.0", true), ("2.41.9", true),
            ("2.42.0-beta.1", true), ("2.42.0", false), ("3.0.0", false),
        ])
        func rangesAreThoseOfTheSpecification(version: String, isAffected: Bool) async throws {
            let report = try await audit(tree(pins: pin("https://github.com/apple/swift-nio", version: version)))
            #expect(report.findings.isEmpty != isAffected)
        }

        @Test(arguments: [1, 2, 3])
        func everyFormatIsRead(version: Int) async throws {
            let old = """
                {"package": "swift-nio", "repositoryURL": "https://github.com/apple/swift-nio.git",
                "state": {"branch": null, "revision": "abc", "version": "2.41.0"}}
                """
            let pins = version == 1 ? old : pin("https://github.com/apple/swift-nio.git", version: "2.41.0")
            let report = try await audit(tree(pins: pins, version: version))
            #expect(report.findings.map(\.rule) == [Self.nio])
        }

        @Test func anUnknownFormatIsSkippedAloud() async throws {
            let report = try await audit(
                tree(pins: pin("https://github.com/apple/swift-nio", version: "2.41.0"), version: 9))
            #expect(
                try report.run("dependencies").skipped.map(\.reason) == [
                    "format version 9 is not known; 1, 2 and 3 are"
                ])
            #expect(report.verdict == .incomplete)
        }

        @Test func bareNamesAreProbable() async throws {
            let text = pin("https://github.com/vapor/leaf-kit.git", version: "1.4.0")
            let report = try await audit(tree(pins: text))
            let finding = try #require(report.findings.first)
            #expect(finding.confidence == .low)
            #expect(finding.title.contains("probably has a known vulnerability"))
            #expect(finding.severity == .high)
        }

        /// SwiftPM takes these for hosts of their own, the forge does not.
        @Test(arguments: [
            "https://www.github.com/apple/swift-nio.git", "https://github.com./apple/swift-nio",
            "ssh://git@ssh.github.com:443/apple/swift-nio.git", "https://WWW.GitHub.com.:443/Apple/swift-nio",
        ])
        func anotherNameOfTheHostIsProbable(location: String) async throws {
            let report = try await audit(tree(pins: pin(location, version: "2.41.0")))
            let finding = try #require(report.findings.first)
            #expect(finding.rule == Self.nio)
            #expect(finding.confidence == .low)
            #expect(finding.title.contains("probably has a known vulnerability"))
            #expect(finding.advisory?.fixedVersion == "2.42.0")
            #expect(report.findings.count == 1)
        }

        @Test(arguments: ["https://ssh.com/apple/swift-nio", "https://wwwgithub.com/apple/swift-nio", "www."])
        func anotherHostIsAnother(location: String) async throws {
            let report = try await audit(tree(pins: pin(location, version: "2.41.0")))
            #expect(report.findings.isEmpty)
        }

        @Test func withdrawnAdvisoriesDoNotCount() async throws {
            let report = try await audit(tree(pins: pin("https://github.com/vapor/vapor", version: "4.0.0")))
            #expect(report.findings.isEmpty)
            #expect(report.verdict == .clean)
        }

        @Test func revisionAndRegistryPinsAreNotDecidable() async throws {
            let pins = """
                {"identity": "swift-nio", "kind": "remoteSourceControl", "location": "https://github.com/apple/swift-nio",
                "state": {"branch": "main", "revision": "abc"}},
                {"identity": "apple.swift-log", "kind": "registry", "location": "", "state": {"version": "1.0.0"}}
                """
            let report = try await audit(tree(pins: pins))
            let run = try report.run("dependencies")
            #expect(
                run.skipped.map(\.reason) == [
                    "not decidable: pinned to branch main, \(Self.nio) counts versions",
                    "not decidable: pinned from a registry, which advisories do not name",
                ])
            #expect(report.verdict == .incomplete)
        }

        @Test func anotherProductOfThePackageIsNotTheAffectedOne() async throws {
            let tree = try tree(
                pins: pin("https://github.com/apple/swift-nio", version: "2.41.0"),
                source: "@testable import struct NIOCore.X\n")
            let advisory = try #require(try await audit(tree).findings.first?.advisory)
            #expect(advisory.imported == false)
            #expect(advisory.importedBecause == "the advisory names NIOHTTP1; only NIOCore imported here")
        }

        @Test func theAgeOfTheDatabaseIsTold() async throws {
            let report = try await audit(tree(pins: pin("https://github.com/a/b", version: "1.0.0")))
            let database = try #require(try report.run("dependencies").database)
            #expect(database.advisories == 3)
            #expect(database.modified == "2026-02-11T08:00:00Z")
            #expect(try #require(database.ageInDays) > 0)
            #expect(MarkdownReport(report).text.contains("3 advisories, latest change"))
        }

        @Test func withoutADatabaseItIsMissing() async throws {
            let tree = try tree(pins: pin("https://github.com/a/b", version: "1.0.0"))
            let report = try await tree.audit("dependencies")
            #expect(try report.run("dependencies").state == .missing)
        }

        @Test(arguments: ["", "/nowhere", "nowhere.zip", "file:///nowhere", "ftp://127.0.0.1/all.zip"])
        func aDatabaseThatIsNotThereIsWrongUse(name: String) async throws {
            // Whether or not there is anything to look up today.
            for tree in [try Tree(), try tree(pins: pin("https://github.com/a/b", version: "1.0.0"))] {
                await #expect(throws: AuditError.noAdvisories(name)) { try await audit(tree, database: name) }
            }
        }

        @Test func aDatabaseOfTheConfigurationBeginsAtTheAuditedFolder() async throws {
            let tree = try tree(pins: pin("https://github.com/apple/swift-nio", version: "2.41.0"))
            try tree.write("fail-on: low\nosv: lost.zip\n", to: "pitwall-audit.yml")
            await #expect {
                try await tree.audit("dependencies")
            } throws: { error in
                String(describing: error) == """
                    pitwall-audit.yml:2: osv: lost.zip: no such file or folder; give a folder of OSV records, an archive of \
                    them, or the http or https URL of one; a relative path begins at the audited folder
                    """
            }
            let advisory = try Data(
                contentsOf: Tree.fixtures.appendingPathComponent("advisories/\(Self.nio).json"))
            try tree.write(advisory, to: "security/osv/nio.json")
            try tree.write("osv: security/osv\n", to: "pitwall-audit.yml")
            #expect(try await tree.audit("dependencies").findings.map(\.rule) == [Self.nio])
        }

        @Test func aDatabaseThatCannotBeHadIsNotSilentlyUnused() async throws {
            let tree = try Tree()
            let service = try LocalService(program: "osv_service.py")
            service.stop()
            let report = try await audit(tree, database: "http://me:hunter2@127.0.0.1:\(service.port)/all.zip?key=x")
            let run = try report.run("dependencies")
            #expect(run.state == .failed)
            let detail = try #require(run.detail)
            #expect(
                detail.hasPrefix("http://127.0.0.1:\(service.port)/all.zip: cannot be fetched, and no copy is kept: "))
            #expect(!detail.contains("hunter2") && !detail.contains("key=x"))
            #expect(report.exitStatus == 2)
            try tree.write("[]", to: "empty.json")
            let empty = try await audit(tree, database: tree.path + "/empty.json")
            #expect(try empty.run("dependencies").detail == "\(tree.path)/empty.json: no advisory in it")
        }

        @Test(arguments: ["zipfile.ZIP_DEFLATED", "zipfile.ZIP_STORED"])
        func anArchiveIsReadLikeAFolder(method: String) async throws {
            let tree = try tree(pins: pin("https://github.com/apple/swift-nio", version: "2.41.0"))
            let archive = tree.output("all.zip")
            let made = try await python(
                """
                import os, sys, zipfile
                with zipfile.ZipFile(sys.argv[1], "w", \(method)) as archive:
                    for name in os.listdir(sys.argv[2]):
                        archive.write(os.path.join(sys.argv[2], name), name)
                """, archive, Tree.fixtures.appendingPathComponent("advisories").path)
            #expect(made.status == .exited(0), "\(made.output)")
            #expect(try await audit(tree, database: archive).findings.map(\.rule) == [Self.nio])
            // Every damage is an outcome, never a crash.
            let whole = try Data(contentsOf: URL(fileURLWithPath: archive))
            for length in stride(from: 0, to: whole.count, by: 97) {
                try whole.prefix(length).write(to: URL(fileURLWithPath: archive))
                #expect(try await audit(tree, database: archive).run("dependencies").state == .failed)
            }
        }

        /// A database of the advisories given, each as JSON without its braces.
        private func database(_ tree: Tree, _ records: String...) throws -> String {
            let folder = tree.output("advisories")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (number, record) in records.enumerated() {
                try Data("{\(record)}".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(number).json"))
            }
            return folder
        }

        private static func affected(_ rest: String, name: String = "github.com/apple/swift-nio") -> String {
            "\"affected\": [{\"package\": {\"ecosystem\": \"SwiftURL\", \"name\": \"\(name)\"}, \(rest)}]"
        }

        private static let before2 =
            #""ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]"#

        @Test func oneProblemUnderTwoIdsIsOneFinding() async throws {
            let tree = try tree(pins: pin("https://github.com/apple/swift-nio", version: "1.0.0"))
            let score = #""severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"}]"#
            let database = try database(
                tree, "\"id\": \"GHSA-1\", \"aliases\": [\"CVE-1\"], \(score), \(Self.affected(Self.before2))",
                "\"id\": \"CVE-1\", \"aliases\": [\"SNYK-1\"], \(score), \(Self.affected(Self.before2))",
                "\"id\": \"GHSA-2\", \(score), \(Self.affected(Self.before2))")
            let report = try await audit(tree, database: database)
            #expect(report.findings.map(\.rule) == ["GHSA-1", "GHSA-2"])
            #expect(report.findings.first?.advisory?.names == ["GHSA-1", "CVE-1", "SNYK-1"])
            #expect(report.findings.allSatisfy { $0.severity == .medium })
            #expect(try report.run("dependencies").findings == 2)
        }

        @Test(arguments: [
            (#""versions": ["2.40.0", "v2.41.0"]"#, "2.41.0", 1, 0), (#""versions": ["2.40.0"]"#, "2.41.0", 0, 0),
            // Only a history of commits can tell.
            (
                #""ranges": [{"type": "GIT", "repo": "x", "events": [{"introduced": "0"}, {"fixed": "abc"}]}]"#,
                "2.41.0", 0, 1
            ),
            // The list of versions says what the commits cannot.
            (#""versions": ["2.41.0"], "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]"#, "2.41.0", 1, 0),
            (#""versions": ["2.40.0"], "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]"#, "2.41.0", 0, 0),
            (#""ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]"#, "2.41.0", 1, 0),
            // Older records have both in one event.
            (
                #""ranges": [{"type": "SEMVER", "events": [{"introduced": "0", "fixed": "2.41.0"}]}]"#, "2.41.0", 0,
                0
            ),
            (
                #""ranges": [{"type": "SEMVER", "events": [{"introduced": "0", "fixed": "2.41.1"}]}]"#, "2.41.0", 1,
                0
            ),
            (#""ranges": [{"type": "SEMVER", "events": [{"introduced": "main"}]}]"#, "2.41.0", 0, 1),
            (#""ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"limit": "*"}]}]"#, "2.41.0", 1, 0),
            (#""ranges": [{"type": "SEMVER", "events": []}]"#, "2.41.0", 0, 0), (#""ranges": []"#, "2.41.0", 0, 1),
        ])
        func versionsAndRangesOfEveryKind(entry: String, version: String, findings: Int, undecided: Int) async throws {
            let tree = try tree(pins: pin("https://github.com/apple/swift-nio", version: version))
            let database = try database(tree, "\"id\": \"X\", \(Self.affected(entry))")
            let report = try await audit(tree, database: database)
            #expect(report.findings.count == findings)
            #expect(try report.run("dependencies").skipped.count == undecided)
        }

        @Test func anAdvisoryForAnotherEcosystemIsNotMeant() async throws {
            let tree = try tree(pins: pin("https://github.com/apple/swift-nio", version: "1.0.0"))
            let entry = Self.affected(Self.before2).replacing("SwiftURL", with: "npm")
            let report = try await audit(tree, database: database(tree, "\"id\": \"X\", \(entry)"))
            #expect(report.findings.isEmpty)
        }

        @Test func aDatabaseThatUnpacksToTooMuchIsRefused() async throws {
            let tree = try Tree()
            let archive = tree.output("bomb.zip")
            // Forty entries that point at one member of 31 KiB of spaces.
            let made = try await python(
                """
                import struct, sys, zlib
                body = b" " * (31 << 10)
                packer = zlib.compressobj(9, zlib.DEFLATED, -15)
                packed = packer.compress(body) + packer.flush()
                sizes = struct.pack("<III", zlib.crc32(body), len(packed), len(body))
                name = b"a.json"
                local = b"PK\\3\\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", len(name), 0) + name
                entry = (b"PK\\1\\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes
                         + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name)
                start = len(local) + len(packed)
                end = b"PK\\5\\6" + struct.pack("<HHHHIIH", 0, 0, 40, 40, len(entry) * 40, start, 0)
                open(sys.argv[1], "wb").write(local + packed + entry * 40 + end)
                """, archive)
            #expect(made.status == .exited(0), "\(made.output)")
            var source = VulnerabilitySource(archive, environment: ["HOME": tree.path])
            source.maximumSize = 1 << 20
            let bounded = source
            await #expect {
                _ = try await OSVDatabase(bounded)
            } throws: {
                String(describing: $0) == "\(archive): more than 1 MiB of advisories, which none of OSV's archives has"
            }
        }

        @Test(arguments: [
            "[", "{\"id\": 1}", "null", "{\"id\": \"X\", \"affected\": 3}", String(repeating: "[", count: 100_000),
            "\u{0}",
        ])
        func whatIsNoAdvisoryIsSkippedAloud(text: String) async throws {
            let tree = try tree(pins: pin("https://github.com/apple/swift-nio", version: "1.0.0"))
            let folder = try database(tree, "\"id\": \"X\", \(Self.affected(Self.before2))")
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/odd.json"))
            let report = try await audit(tree, database: folder)
            #expect(report.findings.map(\.rule) == ["X"])
            #expect(try report.run("dependencies").skipped.map(\.reason) == ["not an advisory in the OSV format"])
        }

        @Test func aDownloadIsGivenUpWhenItIsTooLargeOrNotThere() async throws {
            let tree = try Tree()
            let folder = tree.output("served")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(repeating: 32, count: 5_000_000).write(to: URL(fileURLWithPath: folder + "/large.json"))
            let service = try LocalService(program: "osv_service.py", folder)
            defer { service.stop() }
            let url = try #require(URL(string: "http://127.0.0.1:\(service.port)/"))
            let whole = try await BoundedDownload.data(
                from: url.appendingPathComponent("large.json"), limit: 5_000_000, seconds: 60)
            #expect(whole.count == 5_000_000)
            for (name, reason) in [
                ("large.json", "5000000 bytes, the limit is 4999999"), ("endless", "more than 4999999 bytes"),
                ("none.json", "status 404"),
            ] {
                await #expect {
                    try await BoundedDownload.data(
                        from: url.appendingPathComponent(name), limit: 4_999_999, seconds: 60)
                } throws: { String(describing: $0) == reason }
            }
        }

        @Test func aURLIsFetchedAndKeptForWhenTheNetworkIsAway() async throws {
            let tree = try tree(pins: pin("https://github.com/apple/swift-nio", version: "2.41.0"))
            let service = try LocalService(
                program: "osv_service.py", Tree.fixtures.appendingPathComponent("advisories").path)
            let source = VulnerabilitySource(
                "http://127.0.0.1:\(service.port)/\(Self.nio).json",
                environment: ["XDG_CACHE_HOME": tree.output("cache")])
            let fetched = try await OSVDatabase(source)
            #expect(fetched.stamp.advisories == 1)
            #expect(!fetched.stamp.fromCache)
            service.stop()
            let kept = try await OSVDatabase(source)
            #expect(kept.stamp.fromCache)
            #expect(kept.stamp.advisories == 1)
            let never = VulnerabilitySource(
                "http://127.0.0.1:\(service.port)/other.json", environment: ["XDG_CACHE_HOME": tree.output("cache")])
            await #expect(throws: VulnerabilitySource.Unavailable.self) { _ = try await OSVDatabase(never) }
        }

        /// Where a network answers everything with a page of its own, the kept copy is used and stays.
        @Test func aPageOfTheNetworksIsNoDatabase() async throws {
            let tree = try tree(pins: pin("https://github.com/apple/swift-nio", version: "2.41.0"))
            let folder = tree.output("served")
            let name = folder + "/all.json"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: Tree.fixtures.appendingPathComponent("advisories/\(Self.nio).json").path, toPath: name)
            let service = try LocalService(program: "osv_service.py", folder)
            let source = VulnerabilitySource(
                "http://127.0.0.1:\(service.port)/all.json", environment: ["XDG_CACHE_HOME": tree.output("cache")])
            #expect(try await OSVDatabase(source).stamp.fromCache == false)
            for page in ["<html>Please sign in</html>", "", " \n"] {
                try page.write(toFile: name, atomically: true, encoding: .utf8)
                #expect(try await OSVDatabase(source).stamp.fromCache)
            }
        }

        @Test(arguments: [
            ("https://a.com/x", "https://b.com/x", true), ("http://a.com/x", "http://b.com/x", true),
            ("http://a.com/x", "https://a.com/x", true), ("https://a.com/x", "http://a.com/x", false),
            ("http://a.com/x", "file:///etc/passwd", false), ("https://a.com/x", "ftp://a.com/x", false),
        ])
        func redirectsStayWithinTLS(from: String, to: String, isFollowed: Bool) {
            #expect(BoundedDownload.maySend(from: URL(string: from), to: URL(string: to)) == isFollowed)
        }
    }
}
