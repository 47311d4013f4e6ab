/// A tree as git stores it: mode, name and binary object name of each entry, in git's order.
///
/// The layout is that of git's `tree.c`: `mode SP name NUL id`, where the id has 20 or 32 bytes. Entries that are not
/// changed are copied byte for byte, unusual modes of old trees included.
struct TreeObject {
    /// The tree as it is stored.
    let bytes: [UInt8]
    /// The length of a binary object name.
    private let idLength: Int

    private struct Slot {
        var mode: Range<Int>
        var name: Range<Int>
        var end: Int

        func bytes(of tree: [UInt8]) -> ArraySlice<UInt8> { tree[mode.lowerBound..<end] }
    }

    init(bytes: [UInt8], objectFormat: String) {
        self.bytes = bytes
        idLength = objectFormat == "sha256" ? 32 : 20
    }

    /// The names in the tree's order.
    var names: [ArraySlice<UInt8>] { slots.map { bytes[$0.name] } }

    /// The entry of a name.
    func entry(named name: ArraySlice<UInt8>) -> TreeEntry? {
        slots.first { bytes[$0.name] == name }.flatMap(entry)
    }

    /// The bytes of this tree with some names set to other entries, or removed for `nil`.
    func setting(_ edits: [ArraySlice<UInt8>: TreeEntry?]) -> [UInt8] {
        // git orders a directory as if its name ended in a slash.
        var rows = slots.filter { edits[bytes[$0.name]] == nil }.map { slot in
            let isDirectory = bytes[slot.mode].first { $0 != UInt8(ascii: "0") } == UInt8(ascii: "4")
            return (key: bytes[slot.name] + (isDirectory ? [UInt8(ascii: "/")] : []), slot.bytes(of: bytes))
        }
        for case (let name, let entry?) in edits {
            let slash = entry.mode == .directory ? [UInt8(ascii: "/")] : []
            rows.append((name + slash, entry.mode.stored + [UInt8(ascii: " ")] + name + [0] + entry.id.binary))
        }
        return rows.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap(\.1)
    }

    private var slots: [Slot] {
        var slots: [Slot] = []
        var position = 0
        while position < bytes.count {
            guard let space = bytes[position...].firstIndex(of: UInt8(ascii: " ")),
                let zero = bytes[space...].firstIndex(of: 0), zero + idLength < bytes.count
            else { break }
            slots.append(Slot(mode: position..<space, name: (space + 1)..<zero, end: zero + 1 + idLength))
            position = zero + 1 + idLength
        }
        return slots
    }

    private func entry(at slot: Slot) -> TreeEntry? {
        guard let mode = EntryMode(git: String(decoding: bytes[slot.mode], as: UTF8.self)) else { return nil }
        return TreeEntry(mode: mode, id: ObjectID(binary: bytes[(slot.name.upperBound + 1)..<slot.end]))
    }
}

extension EntryMode {
    /// The mode as trees hold it: without leading zeros.
    fileprivate var stored: ArraySlice<UInt8> { Array(rawValue.utf8).drop { $0 == UInt8(ascii: "0") } }
}

extension ObjectID {
    private static let digits = Array("0123456789abcdef".utf8)

    /// An object name from its 20 or 32 bytes.
    fileprivate init(binary: ArraySlice<UInt8>) {
        hex = String(
            decoding: binary.flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    fileprivate var binary: [UInt8] {
        let values = hex.utf8.map { $0 < 0x3a ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}
