import Foundation
import Testing

/// Bad input gets one clear line with the mend and a documented exit status.
@Suite struct WatchMistakesTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        var environment: [String: String] = [:]
        let status: Int32
        let line: String
        var testDescription: String { arguments.joined(separator: " ") + " \(environment)" }
    }

    static let mistakes = [
        Mistake(
            arguments: ["serve", "--port", "80800"], status: 64,
            line: "--port or PORT is '80800'; allowed: a port from 0 to 65535"),
        Mistake(
            arguments: ["serve"], environment: ["PORT": "http"], status: 64,
            line: "--port or PORT is 'http'; allowed: a port from 0 to 65535"),
        Mistake(
            arguments: ["serve", "--database-url", "demo.sqlite"], status: 64,
            line: "the database URL 'demo.sqlite' has no scheme; write sqlite:FILE, "
                + "postgres://user:password@host:port/database or duckdb:FILE"),
        Mistake(
            arguments: ["serve"], environment: ["DATABASE_URL": "mysql://root:secret@host/db"], status: 64,
            line: "the database URL 'mysql://…@host/db' has the unknown scheme 'mysql'; write sqlite:FILE, "
                + "postgres://user:password@host:port/database or duckdb:FILE"),
        Mistake(
            arguments: ["migrate", "--database-url", "sqlite:"], status: 64,
            line: "the database URL 'sqlite:' names no file; write sqlite:FILE"),
        Mistake(
            arguments: ["serve"], environment: ["ADMIN_TOKEN": "too-short"], status: 64,
            line: "ADMIN_TOKEN cannot be used; allowed: 16 or more visible ASCII characters"),
        Mistake(
            arguments: ["serve"], environment: ["PITWALL_SAMPLE_RATE": "10%"], status: 64,
            line: "PITWALL_SAMPLE_RATE is '10%'; allowed: a share from 0.0 to 1.0"),
        Mistake(
            arguments: ["serve", "--keep", "lots"], status: 64,
            line: "--keep or PITWALL_KEEP is 'lots'; allowed: a size from 1MB to 1000GB, such as 50MB or 2GiB"),
        Mistake(
            arguments: ["serve", "--host", "256.1.1.1", "--port", "0"], status: 64,
            line: "--host or HOST is '256.1.1.1'; allowed: an address or name of this machine, such as 127.0.0.1, "
                + "0.0.0.0 or localhost"),
        Mistake(
            arguments: ["serve"], environment: ["LOG_LEVEL": "loud"], status: 64,
            line: "LOG_LEVEL is 'loud'; allowed: trace, debug, info, notice, warning, error, critical"),
        Mistake(
            arguments: ["report", "--window", "25h"], status: 64,
            line: "There is no window '25h': choose one of 15m, 1h, 24h, 7d."),
        Mistake(
            arguments: ["report", "--format", "pdf"], status: 64,
            line: "There is no format 'pdf': choose one of text, markdown, html, json."),
    ]

    @Test(arguments: mistakes) func oneLineAndAStatus(_ mistake: Mistake) async throws {
        try await withTemporaryFolder { folder in
            let result = try await Command.run(mistake.arguments, environment: mistake.environment, in: folder)
            #expect(result.status == mistake.status)
            #expect(result.errors == "pitwall: \(mistake.line)\n")
            #expect(result.output == "")
        }
    }

    @Test func aPortInUse() async throws {
        try await withTemporaryFolder { folder in
            _ = try await Command.serve(environment: ["LOG_LEVEL": "error"], in: folder) { service in
                let port = service.url.split(separator: ":").last.map(String.init) ?? ""
                let second = try await Command.run(
                    ["serve", "--port", port], environment: ["LOG_LEVEL": "critical"], in: folder)
                #expect(second.status == 69)
                #expect(
                    second.errors
                        == "pitwall: cannot listen on 127.0.0.1:\(port): another program uses the port; choose another by "
                        + "--port\n")
            }
        }
    }

    @Test(arguments: [["serve", "--port", "0"], ["migrate"], ["report"], ["mark", "x"]])
    func aFileThatIsNoDatabase(_ arguments: [String]) async throws {
        try await withTemporaryFolder { folder in
            let bytes = Data("this is a letter, not a database; ".utf8) + Data(repeating: 7, count: 8_192)
            try bytes.write(to: folder.appendingPathComponent("letter"))
            let result = try await Command.run(
                arguments + ["--database-url", "sqlite:letter"], environment: ["LOG_LEVEL": "critical"], in: folder)
            #expect(result.status == 65)
            #expect(result.errors.hasPrefix("pitwall: letter: "))
            #expect(result.errors.split(separator: "\n").count == 1)
            #expect(try Data(contentsOf: folder.appendingPathComponent("letter")) == bytes)
        }
    }

    @Test(arguments: [["report"], ["mark", "x"], ["verdict", "--mark", "x"]])
    func aMistypedPath(_ arguments: [String]) async throws {
        try await withTemporaryFolder { folder in
            let result = try await Command.run(arguments + ["--database-url", "sqlite:none.sqlite"], in: folder)
            #expect(result.status == 69)
            #expect(result.errors.hasPrefix("pitwall: none.sqlite: there is no such file. "))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }

    @Test func helpListsTheEnvironment() async throws {
        try await withTemporaryFolder { folder in
            let help = try await Command.run(["serve", "--help"], in: folder)
            #expect(help.status == 0)
            for name in ["DATABASE_URL", "ADMIN_TOKEN", "METRICS_TOKEN", "PORT", "PITWALL_RELEASE", "LOG_LEVEL"] {
                #expect(help.output.contains(name), "\(name)")
            }
        }
    }
}
