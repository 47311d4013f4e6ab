/// The paths at which two sides of a merge meet.
///
/// Where two sides meet nowhere, a three-way merge takes each side's change of every path, and needs no look at any
/// content: a rename is a deletion and an addition, and matters to the other side only when that side changed the path
/// which went away or the one which came.
struct Overlap {
    /// Paths that both sides changed.
    let paths: Set<TreePath>
    /// Whether a path of one side would be a directory of the other's.
    let nests: Bool

    init(_ mine: some Collection<TreePath>, _ others: some Collection<TreePath>) {
        let mine = Set(mine)
        let others = Set(others)
        paths = mine.intersection(others)
        nests =
            mine.contains { $0.directories.contains(where: others.contains) }
            || others.contains { $0.directories.contains(where: mine.contains) }
    }
}
