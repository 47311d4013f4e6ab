import Foundation
import Testing

/// The drawing of the house in `docs/ARCHITECTURE.md` is the house.
@Suite struct HouseTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The modules in the order of the drawing, from the top.
    private func drawing() throws -> [String] {
        let text = try String(contentsOf: Self.root.appending(path: "docs/ARCHITECTURE.md"), encoding: .utf8)
        let fences = text.components(separatedBy: "```")
        let modules = try self.modules()
        return try #require(fences.dropFirst().first).split(separator: "\n").flatMap { line in
            line.split(separator: " ").map(String.init).filter(modules.contains)
        }
    }

    private func modules() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path))
    }

    private func imports(of module: String) throws -> Set<String> {
        let folder = Self.root.appending(path: "Sources/\(module)")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var found: Set<String> = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            found.formUnion(text.matches(of: /(?:^|\n)[ \t]*(?:@\S+ |\w+ )*import (\w+)/).map { String($0.output.1) })
        }
        return found
    }

    @Test func everyFolderIsDrawnOnce() throws {
        #expect(try drawing().sorted() == modules().sorted())
    }

    @Test func importsPointDown() throws {
        let drawing = try drawing()
        for (place, module) in drawing.enumerated() {
            let above = Set(drawing[..<place])
            #expect(try imports(of: module).intersection(above) == [], "\(module)")
        }
    }

    /// Links in the documents lead to files that are there.
    @Test func linksLeadSomewhere() throws {
        let files = FileManager.default.enumerator(
            at: Self.root.appending(path: "docs"), includingPropertiesForKeys: nil)
        var pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md"].map { Self.root.appending(path: $0) }
        while let file = files?.nextObject() as? URL { if file.pathExtension == "md" { pages.append(file) } }
        #expect(pages.count > 10)
        for page in pages {
            let text = try String(contentsOf: page, encoding: .utf8)
            let prose = text.components(separatedBy: "```").enumerated().filter { $0.offset.isMultiple(of: 2) }
                .map(\.element).joined()
            for link in prose.matches(of: /\]\(([^)\s#]+)[^)\s]*\)/).map({ String($0.output.1) }) {
                guard !link.contains("://") else { continue }
                let target = page.deletingLastPathComponent().appending(path: link).standardizedFileURL.path
                #expect(FileManager.default.fileExists(atPath: target), "\(page.lastPathComponent): \(link)")
            }
        }
    }
}
