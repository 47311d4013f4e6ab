import Foundation

/// A Markdown table, printed as it grows so that a long run shows where it is.
public struct MarkdownTable {
    /// Prints the head. A column whose title starts with ">" is aligned right.
    public init(_ columns: String...) {
        let titles = columns.map { $0.hasPrefix(">") ? String($0.dropFirst()) : $0 }
        print("| " + titles.joined(separator: " | ") + " |")
        print("| " + columns.map { $0.hasPrefix(">") ? "--:" : "---" }.joined(separator: " | ") + " |")
    }

    /// Prints a row, a cell a column.
    public func row(_ cells: String...) {
        print("| " + cells.joined(separator: " | ") + " |")
        fflush(nil)
    }
}

/// A number with as many decimals as asked.
public func text(_ number: Double, _ decimals: Int = 1) -> String { String(format: "%.\(decimals)f", number) }

/// The middle one; the upper of the two middle ones where their number is even.
public func median(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }
