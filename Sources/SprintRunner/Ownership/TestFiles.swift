/// Tells tests from other files by the usual names of pytest, Swift Testing, XCTest, jest, go, JUnit and cargo.
enum TestFiles {
    static func isTest(_ path: TreePath) -> Bool {
        let parts = path.text.split(separator: "/").map(String.init)
        guard let name = parts.last else { return false }
        if parts.dropLast().contains(where: { ["tests", "test", "Tests", "__tests__", "spec"].contains($0) }) {
            return true
        }
        let stem = name.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init) ?? name
        return name == "conftest.py" || name.hasPrefix("test_") || stem.hasSuffix("_test") || stem.hasSuffix("Tests")
            || stem.hasSuffix("Test") || name.contains(".test.") || name.contains(".spec.")
    }
}
