import LoadTest
import Testing

@Suite struct TargetTests {
    @Test(
        "Addresses are read",
        arguments: [
            ("http://127.0.0.1:8080", "127.0.0.1", 8_080, "127.0.0.1:8080", "", true),
            ("http://localhost/", "localhost", 80, "localhost", "", true),
            ("https://example.org/app/", "example.org", 443, "example.org", "/app", false),
            ("HTTP://[::1]:81/a%20b", "::1", 81, "[::1]:81", "/a%20b", true),
            ("http://127.evil.example", "127.evil.example", 80, "127.evil.example", "", false),
            ("http://10.0.0.1", "10.0.0.1", 80, "10.0.0.1", "", false),
            ("http://127.9.9.9", "127.9.9.9", 80, "127.9.9.9", "", true),
        ])
    func reads(url: String, host: String, port: Int, authority: String, path: String, isLoopback: Bool) throws {
        let target = try Target(url)
        #expect(target.host == host)
        #expect(target.port == port)
        #expect(target.authority == authority)
        #expect(target.basePath == path)
        #expect(target.isLoopback == isLoopback)
    }

    @Test(
        "What cannot be pushed says why",
        arguments: [
            ("", "it is not a web address"), ("127.0.0.1:8080", ""),
            ("ftp://x", "its scheme is ftp, not http or https"),
            ("http://", "it names no host"),
            ("http://x/?q=1", "it has a query or fragment, which belong into a scenario's path"),
            ("http://x:70000", "port 70000 is not between 1 and 65535"),
        ])
    func mistakes(url: String, problem: String) {
        let error = #expect(throws: TargetError.self) { try Target(url) }
        if !problem.isEmpty { #expect(error?.problem == problem) }
    }

    @Test("A password in an address is not repeated")
    func password() {
        let error = #expect(throws: TargetError.self) { try Target("http://me:secret@x/") }
        #expect(error?.description.contains("secret") == false)
    }
}
