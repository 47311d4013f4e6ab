import Foundation
import ResultFile
import Testing

struct ResultFileTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "result-file-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test func aPipeIsWrittenIntoAndStaysOne() async throws {
        let path = folder.appending(path: "pipe").path
        #expect(mkfifo(path, 0o600) == 0)
        let file = ResultFile(path)
        #expect(file.obstacle == nil)
        // Opened for both directions, so that neither side waits for the other; the text fits into the pipe.
        let reader = open(path, O_RDWR)
        defer { close(reader) }
        try file.write(Data("result".utf8))
        var bytes = [UInt8](repeating: 0, count: 64)
        #expect(read(reader, &bytes, bytes.count) == 6)
        #expect(String(decoding: bytes.prefix(6), as: UTF8.self) == "result")
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }

    @Test func aLinkStaysALink() throws {
        let target = folder.appending(path: "target.json")
        let link = folder.appending(path: "link.json")
        try Data("old".utf8).write(to: target)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
        try ResultFile(link.path).write(Data("new".utf8))
        #expect(try String(contentsOf: target, encoding: .utf8) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == target.path)
    }

    @Test func whatCannotBeWrittenIsKnownBeforehand() {
        #expect(ResultFile("").obstacle == "the path is empty")
        #expect(ResultFile(folder.path).obstacle == "a folder; give a file in it")
        let missing = folder.appending(path: "none/a.json").path
        #expect(ResultFile(missing).obstacle == "there is no folder \(folder.path)/none; make it first")
        #expect(ResultFile(folder.appending(path: "a.json").path).obstacle == nil)
        #expect(ResultFile("/dev/null").obstacle == nil)
    }
}
