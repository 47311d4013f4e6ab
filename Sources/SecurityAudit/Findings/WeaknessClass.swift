/// Weaknesses that tools file under different numbers though they mean the same problem.
///
/// Each set is a class and its children in the Common Weakness Enumeration, as far as scanners use them.
enum WeaknessClass {
    private static let classes: [Set<Int>] = [
        [77, 78, 88],  // command and argument injection
        [89, 564, 943],  // query injection
        [94, 95, 749],  // evaluated code
        [22, 23, 36, 73, 99],  // path traversal
        [259, 321, 522, 540, 798],  // credentials in code
        [295, 297, 599],  // certificates not checked
        [326, 327, 328, 916],  // weak cryptography
        [329, 1204, 760],  // predictable initialization vectors and salts
        [330, 335, 336, 337, 338],  // predictable randomness
        [312, 313, 315, 532],  // secrets in clear text at rest or in logs
        [319, 523],  // clear text on the wire
        [611, 776, 827],  // XML entities
        [400, 730, 1333],  // regular expressions that blow up
        [502],  // deserialization
    ]

    /// Whether two findings' numbers are of one class.
    static func same(_ left: [Int], _ right: [Int]) -> Bool {
        guard !left.isEmpty, !right.isEmpty else { return false }
        if !Set(left).isDisjoint(with: right) { return true }
        return classes.contains { !$0.isDisjoint(with: left) && !$0.isDisjoint(with: right) }
    }
}
