import Foundation
import LoadTest
import Testing

@Suite struct RecordingTests {
    private func recording(_ content: String, name: String = "site.log", most: Int = 20) throws -> Recording {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: name).path
        try Data(content.utf8).write(to: URL(filePath: path))
        return try Recording(contentsOf: path, most: most)
    }

    @Test("A log becomes a mix with the log's proportions; the file made of it reads back")
    func log() throws {
        let line = #"127.0.0.1 - - [23/Nov/2026:14:00:00 +0000] "%@" %d 12 "-" "curl""#
        let lines = [
            (5, "GET / HTTP/1.1", 200), (3, "GET /search?q=a%20b HTTP/1.1", 200), (2, "GET /search HTTP/1.1", 304),
            (1, "HEAD / HTTP/2.0", 200), (4, "POST /login HTTP/1.1", 200), (2, "GET /gone HTTP/1.1", 404),
        ].flatMap { count, request, status in
            Array(repeating: String(format: line, request, status), count: count)
        }
        let made = try recording((lines + ["not a log line"]).joined(separator: "\n"))
        #expect(made.scenarios.map(\.name) == ["root", "search", "search-2", "head-root"])
        #expect(made.scenarios.map(\.weight) == [5, 3, 2, 1])
        #expect(
            made.summary
                == "18 lines: 11 requests used, 6 not (other methods or failed), 1 of another form. 4 of 4 paths kept, 100.0 % of the requests.\n"
        )
        let file = try ScenarioFile(yaml: made.yaml, file: "made.yml") { _ in nil }
        #expect(file.scenarios == made.scenarios)
        #expect(try recording(lines.joined(separator: "\n"), most: 2).scenarios.count == 2)
    }

    @Test("A HAR file becomes steps without secrets; the file made of it reads back")
    func har() throws {
        let entries = [
            #"{"request":{"method":"GET","url":"https://x.example/a?b=c","headers":[{"name":"Accept","value":"text/html"},{"name":"Cookie","value":"s3cret"},{"name":"Authorization","value":"s3cret"}]},"response":{"status":200}}"#,
            #"{"request":{"method":"POST","url":"https://x.example/b","headers":[],"postData":{"text":"{\"a\": \"b\"}\n"}},"response":{"status":201}}"#,
            #"{"request":{"method":"GET","url":"https://tracker.example/","headers":[]},"response":{"status":200}}"#,
        ]
        let made = try recording(#"{"log":{"entries":[\#(entries.joined(separator: ","))]}}"#, name: "My visit.har")
        #expect(made.scenarios.map(\.name) == ["My-visit"])
        #expect(made.scenarios[0].steps.map(\.name) == ["GET /a?b=c", "POST /b"])
        #expect(!made.yaml.contains("s3cret"))
        let file = try ScenarioFile(yaml: made.yaml, file: "made.yml") { _ in nil }
        #expect(file.scenarios == made.scenarios)
    }

    @Test("HAR files of other programs: a mark of UTF-8, data: addresses, forms without their text")
    func otherHAR() throws {
        let entries = [
            #"{"request":{"method":"GET","url":"data:text/plain,hi"},"response":{"status":200}}"#,
            #"{"request":{"method":"POST","url":"https://x.example/b","postData":{"params":[{"name":"a b","value":"c&d"},{"name":"e"}]}},"response":{"status":201}}"#,
        ]
        let made = try recording(
            "\u{FEFF}" + #"{"log":{"entries":[\#(entries.joined(separator: ","))]}}"#, name: "a.har")
        #expect(made.scenarios[0].steps.map(\.name) == ["POST /b"])
        #expect(made.yaml.contains(#"body: "a%20b=c%26d&e=""#), "\(made.yaml)")
    }

    @Test("A request that a scenario file would read as a template is left out whole, and said so")
    func gaps() throws {
        let entries = ["{{name}}", "plain"].map { body in
            #"{"request":{"method":"POST","url":"https://x.example/b","postData":{"text":"\#(body)"}},"response":{"status":201}}"#
        }
        let made = try recording(#"{"log":{"entries":[\#(entries.joined(separator: ","))]}}"#, name: "a.har")
        #expect(made.scenarios[0].steps.map { $0.body?.names } == [[]])
        #expect(made.yaml.contains("plain"))
        #expect(made.summary.hasSuffix("1 left out: they hold {{, which a scenario file would read as a gap.\n"))
    }

    @Test("Secrets in queries and bodies are replaced, and said so")
    func secrets() throws {
        let log = try recording(
            (0..<3).map { #"x - - [d] "GET /reset?token=s3cret\#($0)&lang=de HTTP/1.1" 200 1"# }.joined(separator: "\n")
        )
        // One path, whatever the token was.
        #expect(log.scenarios.map(\.weight) == [3])
        #expect(log.yaml.contains("/reset?token=REDACTED&lang=de"))
        #expect(
            log.summary.hasSuffix(
                "\nsecrets in 3 requests replaced by REDACTED: token. Where the target needs them, write a gap such as "
                    + "{{token}} and fill it from a data file or an earlier answer.\n"))
        let entry =
            #"{"request":{"method":"POST","url":"https://me:s3cret@x.example/b?api_key=s3cret","postData":{"text":"{\"user\": \"ada\", \"password\": \"s3cret\"}"}},"response":{"status":201}}"#
        let har = try recording(#"{"log":{"entries":[\#(entry)]}}"#, name: "a.har")
        #expect(!har.yaml.contains("s3cret"), "\(har.yaml)")
        #expect(har.yaml.contains("ada"))
        #expect(har.summary.contains("secrets in 1 request replaced by REDACTED: api_key, password. "))
        let file = try ScenarioFile(yaml: har.yaml, file: "made.yml") { _ in nil }
        #expect(file.scenarios == har.scenarios)
    }

    @Test("A place where nothing can be written is told beforehand")
    func placeMissing() throws {
        let made = try recording(#"x - - [d] "GET / HTTP/1.1" 200 1"#)
        let error = #expect(throws: RecordingError.self) { try made.write(to: "/no/such/folder/x.yml") }
        #expect(error?.isUnavailable == true)
        #expect(
            error?.description
                == "/no/such/folder/x.yml: it cannot be written: there is no folder /no/such/folder; make it first")
    }

    @Test("Files that are neither say so")
    func mistakes() {
        #expect(throws: RecordingError.self) { try recording("hello\nworld\n") }
        #expect(throws: RecordingError.self) { try recording("{}") }
        #expect(throws: RecordingError.self) { try recording("") }
        #expect(throws: RecordingError.self) { try Recording(contentsOf: "/no/such.log") }
        #expect(throws: UsageError.self) { try recording(#"x - - [d] "GET / HTTP/1.1" 200 1"#, most: 0) }
    }
}
