import Foundation

/// What the audited code imports, to tell whether an advisory for a package concerns it.
///
/// An advisory names a repository; code uses some of its modules. Which modules a package has is known from its
/// checkout under `.build`, from products that a manifest here takes from it, and from imports that are called like
/// it. Which of these an advisory means is taken from module names in its text; without any, all are meant.
struct PackageImports: Sendable {
    private let root: String
    private let imports: Set<String>
    /// Products taken from a package, by its identity.
    private let products: [String: Set<String>]
    private let hasSources: Bool

    init(inventory: FileInventory) {
        root = inventory.root
        let sources = inventory.files(withExtension: "swift")
        var imports: Set<String> = []
        var products: [String: Set<String>] = [:]
        for file in sources {
            guard let text = Self.beginning(of: inventory.absolute(file)) else { continue }
            if file == "Package.swift" || file.hasSuffix("/Package.swift") {
                for (product, package) in Self.takenProducts(in: text) {
                    products[package.lowercased(), default: []].insert(product)
                }
            } else {
                imports.formUnion(Self.importedModules(in: text))
            }
        }
        self.imports = imports
        self.products = products
        hasSources = !sources.isEmpty
    }

    /// Imports stand at the beginning, and no manifest is longer.
    private static func beginning(of path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: 256 << 10)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether an affected product is imported, and what that rests on.
    struct Decision {
        let isImported: Bool?
        let because: String
    }

    /// Decides for a package and an advisory.
    func decide(_ location: PackageLocation, record: OSVRecord) -> Decision {
        guard hasSources else { return Decision(isImported: nil, because: "there is no Swift source to look at") }
        let identity = location.identity
        var known = modules(inCheckoutOf: identity)
        known.formUnion(products[identity] ?? [])
        let stem = identity.replacing("swift-", with: "").replacing(".swift", with: "").filter(\.isLetter)
        known.formUnion(imports.filter { stem.count >= 3 && $0.lowercased().hasPrefix(stem) })
        guard !known.isEmpty else {
            return Decision(
                isImported: false,
                because: "no product of it is taken, and no import is called like it; it comes through another package")
        }
        let named = Self.modules(namedIn: record, like: known)
        let meant = named.isEmpty ? known : named
        let used = meant.intersection(imports).sorted()
        let subject = named.isEmpty ? "" : "the advisory names \(named.sorted().joined(separator: ", ")); "
        if !used.isEmpty {
            return Decision(isImported: true, because: subject + "imported here: \(used.joined(separator: ", "))")
        }
        let others = known.intersection(imports).sorted()
        let rest =
            others.isEmpty
            ? "nothing of the package is imported here" : "only \(others.joined(separator: ", ")) imported here"
        return Decision(isImported: false, because: subject + rest)
    }

    /// The words of an advisory that are modules of the package: known ones, or such as begin like a known one.
    private static func modules(namedIn record: OSVRecord, like known: Set<String>) -> Set<String> {
        let text = (record.summary ?? "") + " " + (record.details ?? "")
        let words = Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
        let stems = Set(known.filter { $0.count >= 4 }.map { $0.prefix(3) })
        return words.filter { word in
            let capitals = word.prefix { $0.isUppercase }.count
            return known.contains(word) || (capitals >= 2 && word.count > 4 && stems.contains(word.prefix(3)))
        }
    }

    private func modules(inCheckoutOf identity: String) -> Set<String> {
        let checkouts = root + "/.build/checkouts"
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: checkouts)) ?? []
        guard let folder = folders.first(where: { $0.lowercased() == identity }) else { return [] }
        let sources = (try? FileManager.default.contentsOfDirectory(atPath: "\(checkouts)/\(folder)/Sources")) ?? []
        return Set(sources.filter { !$0.contains(".") })
    }

    /// The modules of `import` lines, whatever their attributes, access level or kind.
    static func importedModules(in text: String) -> Set<String> {
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor"]
        var modules: Set<String> = []
        for line in text.split(whereSeparator: \.isNewline) where line.contains("import ") {
            let words = line.split { $0.isWhitespace || $0 == ";" }
            guard let keyword = words.firstIndex(of: "import"),
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
            else { continue }
            let name = words[(keyword + 1)...].first { !kinds.contains($0) }
            if let module = name?.split(separator: ".").first { modules.insert(String(module)) }
        }
        return modules
    }

    private static let accessLevels: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]

    /// The pairs of `.product(name: "…", package: "…")` in a manifest.
    static func takenProducts(in manifest: String) -> [(product: String, package: String)] {
        manifest.split(separator: ".product(").dropFirst().compactMap { rest in
            let arguments = rest.prefix { $0 != ")" }
            guard let product = argument("name", in: arguments), let package = argument("package", in: arguments) else {
                return nil
            }
            return (product, package)
        }
    }

    private static func argument(_ label: String, in text: Substring) -> String? {
        guard let start = text.range(of: label) else { return nil }
        let parts = text[start.upperBound...].split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].allSatisfy({ $0.isWhitespace || $0 == ":" }) else { return nil }
        return String(parts[1])
    }
}
