import SprintRunner
import Testing

@Suite struct OwnedPathTests {
    @Test(arguments: [
        ("a/b.py", "a/b.py", true), ("a/b.py", "a/b.pyc", false), ("./a.py", "a.py", true), ("a/", "a/b/c", true),
        ("a/", "a", false), ("a/", "ab/c", false), ("*.py", "a.py", true), ("*.py", "a/b.py", false),
        ("**/*.py", "a.py", true), ("**/*.py", "a/b/c.py", true), ("src/**", "src/a/b", true), ("src/**", "src", false),
        ("a/?.md", "a/x.md", true), ("a/?.md", "a/xy.md", false), ("a/[xy].md", "a/y.md", true),
        ("a/[!xy].md", "a/y.md", false), ("a/[0-9]*.md", "a/12.md", true), ("a.{js,ts}", "a.ts", true),
        ("a.{js,ts}", "a.py", false), ("web/*/", "web/x/y.py", true), ("web/*/", "web/x", false),
        ("app/[id]/page.tsx", "app/[id]/page.tsx", true), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbY", false),
        ("Ä*.md", "Äx.md", true), ("{a,b", "{a,b", true),
    ])
    func matching(_ pattern: String, _ path: String, _ expected: Bool) throws {
        #expect(try #require(OwnedPath(pattern)).matches(path) == expected)
    }

    @Test(arguments: ["", "/", "/etc", "../a", "a/../b", "~/a", ".git/config", ".GIT/x", "a//b", "a\nb", ".", "./"])
    func noPath(_ text: String) {
        #expect(OwnedPath(text) == nil)
    }

    @Test func kinds() {
        #expect(OwnedPath("a.py")?.kind == .exact)
        #expect(OwnedPath("a/")?.kind == .directory)
        #expect(OwnedPath("a/*")?.kind == .glob)
        #expect(OwnedPath("./a/")?.description == "a/")
    }

    @Test func claims() throws {
        var agent = SprintPlan.Agent(id: "A")
        agent.owned = try ["web/", "scripts/x.py"].map { .init(path: try #require(OwnedPath($0))) }
        agent.deny = try ["web/app.py", "scripts/*.py"].map { try #require(OwnedPath($0)) }
        agent.outputs = [try #require(OwnedPath("log-A.md"))]
        agent.append = [try #require(OwnedPath("log.md"))]
        #expect(agent.claim(on: "web/x.py") == .owned)
        #expect(agent.claim(on: "web/app.py") == .denied)
        #expect(agent.claim(on: "scripts/x.py") == .owned)
        #expect(agent.claim(on: "scripts/y.py") == .denied)
        #expect(agent.claim(on: "log-A.md") == .output)
        #expect(agent.claim(on: "log.md") == .append)
        #expect(agent.claim(on: "other") == .unclaimed)
    }

    @Test func hostilePatternsTakeNoTime() throws {
        let pattern = try #require(OwnedPath(String(repeating: "*a", count: 200) + "b"))
        #expect(!pattern.matches(String(repeating: "a", count: 5000)))
        let braces = try #require(OwnedPath(String(repeating: "{a,b}", count: 40)))
        #expect(!braces.matches("x"))
    }
}
