/// Where permits are kept and searched.
protocol PermitStore: Sendable {
    /// Brings the schema up to date and fills an empty register. Idempotent; safe when two processes start at once.
    func migrate() async throws

    /// The register's tables that are missing.
    func missingTables() async throws -> [String]

    /// Permits that hold every word of `words`, the best match first, and how many there are in all.
    func search(_ words: String, limit: Int) async throws -> (permits: [Permit], total: Int)

    /// One permit, or nil.
    func permit(id: Int) async throws -> Permit?

    /// The permits filed last.
    func latest(limit: Int) async throws -> [Permit]

    /// How many permits there are and what they cost, for each district, the most permits first.
    func districts() async throws -> [DistrictSummary]

    /// Ids in rising order, after `id`, at most `limit`.
    func ids(after id: Int, limit: Int) async throws -> [Int]
}

/// One district's permits in numbers.
struct DistrictSummary: Sendable, Hashable {
    let district: String
    let permits: Int
    let open: Int
    /// Mean estimated cost in whole dollars.
    let meanCost: Int
}
