import Foundation
import Testing

@testable import SecurityAudit

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

    /// As SwiftPM's `CanonicalPackageLocation` gives them, from its own documentation and tests.
    @Test(arguments: [
        ("https://example.com/mona/LinkedList", "example.com/mona/linkedlist"),
        ("git@example.com:mona/LinkedList.git", "example.com/mona/linkedlist"),
        ("git@example.com/mona/LinkedList", "example.com/mona/linkedlist"),
        ("ssh://mona@example.com:22/mona/LinkedList.git/", "example.com/mona/linkedlist"),
        ("ssh://mona@example.com/~/LinkedList.git", "example.com/~mona/linkedlist"),
        ("mona@example.com:~/LinkedList.git", "example.com/~/linkedlist"),
        ("https://mona:token@example.com:443/mona//LinkedList.git?x=1#y", "example.com/mona/linkedlist"),
        ("example.com:443/mona/LinkedList", "example.com/mona/linkedlist"),
        ("file:///Users/mona/LinkedList", "/users/mona/linkedlist"),
        ("/Users/mona/LinkedList.git", "/users/mona/linkedlist"),
        ("https://example.com/mona/%6Cinked%4Cist", "example.com/mona/linkedList"),
        ("https://example.com/mona/r%C3%A9sum%C3%A9", "example.com/mona/résumé"), ("", ""), ("://", ""), ("@", ""),
        ("https://", ""), (":", ""), ("%", "%"),
    ])
    func addressesAreCanonical(address: String, canonical: String) {
        #expect(PackageLocation(address).description == canonical)
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
