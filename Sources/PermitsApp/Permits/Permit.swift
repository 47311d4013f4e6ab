import Foundation

/// A building permit, as the demo's register keeps it.
struct Permit: Sendable, Hashable {
    /// What the applicant wants to do.
    enum Kind: String, Sendable, CaseIterable {
        case alteration = "Alteration"
        case demolition = "Demolition"
        case electrical = "Electrical"
        case mechanical = "Mechanical"
        case newConstruction = "New construction"
        case plumbing = "Plumbing"
        case roofing = "Roofing"
        case seismic = "Seismic retrofit"
        case signage = "Signage"
        case solar = "Solar"
    }

    /// How far the office is with it.
    enum Status: String, Sendable, CaseIterable {
        case filed = "Filed"
        case inReview = "In review"
        case issued = "Issued"
        case inspected = "Inspected"
        case complete = "Complete"
        case withdrawn = "Withdrawn"
    }

    let id: Int
    /// The number on the papers, "2025-0413-0007".
    let number: String
    let kind: Kind
    let status: Status
    let address: String
    let district: String
    let applicant: String
    let summary: String
    /// The day it was filed, at 00:00 UTC.
    let filedOn: Date
    /// Estimated cost in whole dollars.
    let cost: Int
}
