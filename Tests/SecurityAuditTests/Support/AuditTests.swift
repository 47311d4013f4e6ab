import Testing

/// The suites that start tools: one test at a time, so that a slow machine is not asked for all at once.
@Suite("the audit", .serialized)
enum AuditTests {}
