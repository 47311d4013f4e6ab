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
            let lost = try await audit(tree, database: "/nowhere")
            #expect(try lost.run("dependencies").detail == "/nowhere: no such file or folder")
            #expect(lost.exitStatus == 2)
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
    }
}

@Suite("the formats of advisories")
struct AdvisoryFormatTests {
    @Test func versionsAreOrderedAsSemVerSays() throws {
        let ordered = [
            "0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "v1.0.1", "1.2", "1.10.0", "2", "10000000000000000000000.0.0",
        ]
        let versions = try ordered.map { try #require(SemanticVersion($0)) }
        #expect(versions.sorted() == versions)
        #expect(SemanticVersion("1.0.0+5") == SemanticVersion("1.0.0"))
        #expect(SemanticVersion("main") == nil)
        #expect(SemanticVersion("1.0.0.0") == nil)
    }

    @Test func limitsAndLastAffectedEndARange() throws {
        let text = """
            {"type": "SEMVER", "events": [{"introduced": "1.0.0"}, {"last_affected": "1.5.0"}, {"introduced": "2.0.0"}, {"limit": "2.3.0"}]}
            """
        let range = try JSONDecoder().decode(OSVRange.self, from: Data(text.utf8))
        for (version, expected) in [
            ("0.9.0", false), ("1.0.0", true), ("1.5.0", true), ("1.5.1", false), ("2.0.0", true), ("2.2.9", true),
            ("2.3.0", false),
        ] {
            #expect(range.contains(try #require(SemanticVersion(version))) == expected, "\(version)")
        }
    }

    @Test func importsAreReadWhateverTheirForm() {
        let text = """
            public import A
            @preconcurrency @testable import B
            import struct C.D
              import E.F; let x = 1
            // import Not
            let text = "import not"
            """
        #expect(PackageImports.importedModules(in: text) == ["A", "B", "C", "E"])
    }
}
