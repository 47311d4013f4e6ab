/// The exact merge of a file that both sides only appended to: the base, then each side's text in order.
enum AppendMerge {
    /// Returns `nil` when one side did anything but append.
    static func merge(base: Lines, ours: Lines, theirs: Lines) -> Lines? {
        guard ours.appended(to: base) != nil, let added = theirs.appended(to: base) else { return nil }
        return ours.appending(added, endingWithNewline: theirs.endsWithNewline)
    }
}
