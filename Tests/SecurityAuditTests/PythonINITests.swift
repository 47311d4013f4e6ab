import Foundation
import Testing

@testable import SecurityAudit

/// `.bandit` read as Python reads it: each text is given to `configparser` too.
extension AuditTests {
    @Suite("INI files as Python reads them")
    struct PythonINITests {
        private static let texts = [
            "[bandit]\nexclude = /tests\nskips = B101\n", "[bandit]\nexclude: a\n",
            "[bandit]\nEXCLUDE=a,\n  b\n\n  c\n",
            "# x\n; y\n[bandit]\n# z\nskips = B101 # kept\n", "  [bandit]\n  exclude = a\n  skips = B1\n",
            "[other]\nskips = B1\n[bandit]\nskips = B2\n", "[DEFAULT]\nskips = B3\n[bandit]\ntests = B1\n",
            "[bandit]\nroot = /x\nexclude = %(root)s/a,%(ROOT)s/b\n", "[bandit]\nexclude = 100%%\n",
            "[bandit]\nexclude = 100%\n", "[bandit]\nexclude = %(none)s\n", "skips = B1\n", "[bandit]\nskips\n",
            "[bandit]\nskips = a\nSKIPS = b\n", "[bandit]\n[bandit]\n", "[other]\n", "", "[bandit]\r\nskips = B1\r\n",
            "[bandit] # more\nskips = B1\n", "[bandit]\nskips = \n", "[bandit]\n= B1\n",
            "[a]b]\nx = 1\n[bandit]\ny = 2\n",
            "[bandit]\nexclude =\n    a,\n    # in between\n    b\nskips = B1\n", "[bandit]\na = %(b)s\nb = %(a)s\n",
        ]

        @Test func everyTextIsReadAlike() async throws {
            let outcome = try await python(
                """
                import configparser, json, sys
                results = []
                for text in json.loads(sys.argv[1]):
                    parser = configparser.ConfigParser()
                    try:
                        parser.read_string(text)
                        results.append(dict(parser.items("bandit")))
                    except (configparser.Error, KeyError, TypeError):
                        results.append(None)
                print(json.dumps(results))
                """, String(decoding: try JSONEncoder().encode(Self.texts), as: UTF8.self))
            let theirs = try JSONDecoder().decode([[String: String]?].self, from: Data(outcome.output.utf8))
            #expect(theirs.count == Self.texts.count)
            for (text, expected) in zip(Self.texts, theirs) {
                // An empty line in a value is one of its lines; to a list of paths it is nothing.
                let wanted = expected?.mapValues { $0.split(separator: "\n").joined(separator: "\n") }
                #expect((try? PythonINI(text, section: "bandit"))?.options == wanted, "\(text)")
            }
        }

        @Test(arguments: [
            ("skips = B101\n", ".bandit takes no effect: line 1 stands before any section"),
            ("[flake8]\n", ".bandit takes no effect: it has no section [bandit]"),
            ("[bandit]\nskips B101\n", ".bandit takes no effect: line 2 is no name and value"),
        ])
        func aFileWithoutEffectIsSaidAloud(ini: String, remark: String) async throws {
            let tree = try Tree()
            try tree.write("x = 1\n", to: "a.py")
            try tree.write(ini, to: ".bandit")
            try tree.use("bandit")
            let run = try await tree.audit("bandit").run("bandit")
            #expect(run.state == .ran)
            #expect(run.detail == remark)
        }
    }
}
