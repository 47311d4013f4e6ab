import SwiftParser
import Testing

@testable import SwiftScanner

/// A tree and what is known of its values refer to each other.
struct MemoryTests {
    @Test func nothingOfAFileIsKeptAfterItsScan() throws {
        let source = "func f(_ id: Int) -> String { let text = \"a\"; let all = text; return all }"
        let text = SourceText(Array(source.utf8))
        weak var keptModel: SourceModel?
        weak var keptBinding: Binding?
        let names = SourceIndexer.withModel(
            of: Parser.parse(source: source), name: "A.swift", text: text, maximumChain: 100
        ) { model in
            keptModel = model
            keptBinding = model.bindings.last
            return model.bindings.map(\.name)
        }
        #expect(names == ["id", "text", "all"])
        #expect(keptModel == nil)
        #expect(keptBinding == nil)
    }
}
