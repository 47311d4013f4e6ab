/// A regular expression as a tree, as far as backtracking matters.
indirect enum RegexNode {
    case set(RegexCharacterSet)
    case sequence([RegexNode])
    case alternatives([RegexNode])
    /// From `minimum` to `maximum` times, without end where that is `nil`.
    case `repeat`(RegexNode, minimum: Int, maximum: Int?)
    /// A possessive repeat or atomic group: once left, it is not gone back into.
    case atomic
    /// An anchor or a look-around: matches no characters and may fail.
    case assertion
    /// Something this does not model, such as a back reference.
    case unknown
}
