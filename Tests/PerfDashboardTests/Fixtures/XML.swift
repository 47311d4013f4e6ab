import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A strict parser's opinion.
enum XML {
    static func isWellFormed(_ text: String) throws -> Bool {
        XMLParser(data: Data("<root>\(text)</root>".utf8)).parse()
    }
}
