/// Reads the files of a ZIP archive, with the 64-bit extensions, stored or deflated.
///
/// See <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>. Own code, and not a library, because the one
/// archive this is for comes from outside and must not be able to fill memory or disk.
struct ZipArchive {
    /// What is wrong with an archive.
    struct Damaged: Error, CustomStringConvertible {
        let description: String
    }

    /// A file of the archive.
    struct Entry {
        let name: String
        fileprivate let method: Int
        fileprivate let packedSize: Int
        fileprivate let offset: Int
    }

    /// The largest file that is unpacked.
    static let maximumEntry = 32 << 20

    private let bytes: [UInt8]
    let entries: [Entry]

    init(_ bytes: [UInt8]) throws(Damaged) {
        self.bytes = bytes
        let reader = Reader(bytes: bytes)
        // The end record is last but for a comment of at most 64 KiB.
        guard bytes.count >= 22, let end = reader.last(0x0605_4B50, within: 22 + 0xFFFF) else {
            throw Damaged(description: "not a ZIP archive")
        }
        var position = reader.integer(at: end + 16, width: 4)
        if position == 0xFFFF_FFFF, end >= 20, reader.integer(at: end - 20, width: 4) == 0x0706_4B50 {
            position = reader.integer(at: reader.integer(at: end - 12, width: 8) + 48, width: 8)
        }
        var entries: [Entry] = []
        while reader.integer(at: position, width: 4) == 0x0201_4B50 {
            let (entry, next) = reader.entry(at: position)
            entries.append(entry)
            position = next
        }
        self.entries = entries
    }

    func contents(of entry: Entry) throws(Damaged) -> [UInt8] {
        let reader = Reader(bytes: bytes)
        let start =
            entry.offset + 30 + reader.integer(at: entry.offset + 26, width: 2)
            + reader.integer(at: entry.offset + 28, width: 2)
        guard reader.integer(at: entry.offset, width: 4) == 0x0403_4B50, start >= 0, entry.packedSize >= 0,
            start <= bytes.count, entry.packedSize <= bytes.count - start
        else { throw Damaged(description: "\(entry.name) lies outside of the archive") }
        let packed = bytes[start..<start + entry.packedSize]
        switch entry.method {
        case 0: return Array(packed)
        case 8:
            do {
                return try Inflate.decompress(packed, limit: Self.maximumEntry)
            } catch {
                let reason =
                    switch error {
                    case .damaged: "cannot be unpacked: it is damaged"
                    case .tooLarge: "unpacks to more than \(Self.maximumEntry >> 20) MiB, which no advisory is"
                    }
                throw Damaged(description: "\(entry.name) \(reason)")
            }
        default: throw Damaged(description: "\(entry.name) is packed by method \(entry.method); 0 and 8 are known")
        }
    }
}

/// Little-endian numbers at any place; beyond the end they read 0.
private struct Reader {
    let bytes: [UInt8]

    func integer(at position: Int, width: Int) -> Int {
        guard position >= 0, position <= bytes.count - width else { return 0 }
        let value = (0..<width).reduce(UInt64(0)) { $0 | UInt64(bytes[position + $1]) << UInt64($1 * 8) }
        // No archive is that large; a smaller number keeps sums of a few of them from overflowing.
        return Int(min(value, 1 << 48))
    }

    func last(_ signature: Int, within distance: Int) -> Int? {
        stride(from: bytes.count - 22, through: max(0, bytes.count - distance), by: -1)
            .first { integer(at: $0, width: 4) == signature }
    }

    func entry(at position: Int) -> (ZipArchive.Entry, next: Int) {
        let nameLength = integer(at: position + 28, width: 2)
        let extraLength = integer(at: position + 30, width: 2)
        let commentLength = integer(at: position + 32, width: 2)
        let nameStart = position + 46
        let nameEnd = min(bytes.count, nameStart + nameLength)
        var packedSize = integer(at: position + 20, width: 4)
        var offset = integer(at: position + 42, width: 4)
        var extra = nameStart + nameLength
        let extraEnd = extra + extraLength
        while extra + 4 <= extraEnd {
            if integer(at: extra, width: 2) == 1 {
                // Only fields that are full in the header are here, in this order.
                var field = extra + 4
                if integer(at: position + 24, width: 4) == 0xFFFF_FFFF { field += 8 }
                if packedSize == 0xFFFF_FFFF {
                    packedSize = integer(at: field, width: 8)
                    field += 8
                }
                if offset == 0xFFFF_FFFF { offset = integer(at: field, width: 8) }
            }
            extra += 4 + integer(at: extra + 2, width: 2)
        }
        let entry = ZipArchive.Entry(
            name: String(decoding: bytes[min(nameStart, nameEnd)..<nameEnd], as: UTF8.self),
            method: integer(at: position + 10, width: 2), packedSize: packedSize, offset: offset)
        return (entry, extraEnd + commentLength)
    }
}
