import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads files without trusting them: never more than the limit, never a pipe or device that would block.
struct SourceReader: Sendable {
    let maximumFileSize: Int

    func read(_ path: String) throws(SkipError) -> SourceText {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw SkipError(.unreadable(Self.lastError())) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SkipError(.unreadable(Self.lastError())) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SkipError(.unreadable("not a regular file")) }
        guard Int(status.st_size) <= maximumFileSize else {
            throw SkipError(.tooLarge(bytes: Int(status.st_size), limit: maximumFileSize))
        }
        return try text(of: bytes(of: descriptor, expected: Int(status.st_size)))
    }

    /// Checks size and encoding of what was read; a byte order mark is dropped.
    func text(of bytes: [UInt8]) throws(SkipError) -> SourceText {
        guard bytes.count <= maximumFileSize else {
            throw SkipError(.tooLarge(bytes: bytes.count, limit: maximumFileSize))
        }
        if let offset = Self.offsetOfInvalidUTF8(in: bytes) { throw SkipError(.notUTF8(offset: offset)) }
        return SourceText(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
    }

    /// Reads to the end, or one byte over the limit when the file grew since it was measured.
    private func bytes(of descriptor: CInt, expected: Int) throws(SkipError) -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(expected)
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while all.count <= maximumFileSize {
            let count = chunk.withUnsafeMutableBytes { buffer in
                Self.retryingInterrupts { Self.readSome(descriptor, buffer) }
            }
            if count < 0 { throw SkipError(.unreadable(Self.lastError())) }
            if count == 0 { break }
            all += chunk[..<count]
        }
        return all
    }

    private static func readSome(_ descriptor: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
            Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    private static func retryingInterrupts(_ body: () -> Int) -> Int {
        while true {
            let result = body()
            if result >= 0 || errno != EINTR { return result }
        }
    }

    private static func lastError() -> String { String(cString: strerror(errno)) }

    private static func offsetOfInvalidUTF8(in bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var decoder = UTF8.ForwardParser()
        var input = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &input) {
            case .valid(let scalar): offset += scalar.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}

/// A ``SkipReason`` on its way up.
struct SkipError: Error {
    let reason: SkipReason

    init(_ reason: SkipReason) { self.reason = reason }
}
