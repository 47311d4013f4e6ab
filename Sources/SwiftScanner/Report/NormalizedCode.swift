import SwiftSyntax

/// Code reduced to its tokens: the same before and after moving or reformatting it.
enum NormalizedCode {
    private static let maximumLength = 2000

    static func of(_ range: Range<Int>, in file: SourceModel) -> String {
        var tokens: [String] = []
        var length = 0
        let start = AbsolutePosition(utf8Offset: range.lowerBound)
        var token = file.tree.token(at: start)
        while let current = token, current.range.lowerBound < range.upperBound, length < maximumLength {
            if current.range.lowerBound >= range.lowerBound {
                tokens.append(current.text)
                length += current.text.utf8.count + 1
            }
            token = current.nextToken(viewMode: .sourceAccurate)
        }
        return tokens.joined(separator: " ")
    }
}
