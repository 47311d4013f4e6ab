import Foundation
import SwiftScanner

// Scans every Swift file under the folders given and prints the lines a second, best of some rounds.
//
//     swift run -c release ScanBench [--rounds N] [--list] FOLDER...
//
// `--list` prints the findings too, one a line, tab-separated: rule, severity, confidence, place, message.

var folders: [String] = []
var rounds = 3
var lists = false
var arguments = CommandLine.arguments.dropFirst().makeIterator()
while let argument = arguments.next() {
    switch argument {
    case "--rounds": rounds = arguments.next().flatMap { Int($0) } ?? rounds
    case "--list": lists = true
    default: folders.append(argument)
    }
}

for folder in folders {
    let root = URL(filePath: folder)
    let paths =
        FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?
        .compactMap { ($0 as? URL)?.path }.filter { $0.hasSuffix(".swift") }.sorted() ?? []
    let files = paths.map { SwiftSourceFile(path: $0, name: String($0.dropFirst(root.path.count + 1))) }
    var best = Duration.seconds(86_400)
    var result = ScanResult()
    for _ in 0..<max(1, rounds) {
        let time = await ContinuousClock().measure { result = await SwiftScanner().scan(files: files) }
        best = min(best, time)
    }
    let seconds = Double(best.components.seconds) + Double(best.components.attoseconds) / 1e18
    let skipped = result.coverage.count { if case .skipped = $0.status { true } else { false } }
    print(
        "\(root.lastPathComponent): \(files.count) files, \(result.linesScanned) lines,",
        "\(String(format: "%.2f", seconds)) s, \(Int(Double(result.linesScanned) / seconds)) lines/s,",
        "\(result.findings.count) findings, \(skipped) skipped"
    )
    guard lists else { continue }
    for finding in result.findings {
        let place = "\(finding.file):\(finding.region.startLine)"
        print(finding.ruleID, finding.severity, finding.confidence, place, finding.message, separator: "\t")
    }
}
