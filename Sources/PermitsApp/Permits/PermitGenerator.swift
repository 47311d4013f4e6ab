import Foundation

/// Makes the demo's permits: plausible, and the same ones on every machine.
struct PermitGenerator {
    /// How many permits the demo holds: enough that full-text search has work to do.
    static let count = 6_000

    private var random: SplitMix

    /// - Parameter seed: the same seed gives the same permits.
    init(seed: UInt64 = 1_906) { random = SplitMix(seed: seed) }

    mutating func permits(_ count: Int = PermitGenerator.count) -> [Permit] {
        (1...count).map { permit(id: $0) }
    }

    private mutating func permit(id: Int) -> Permit {
        let kind = pick(Permit.Kind.allCases)
        let place = pick(Self.streets)
        // Counted back from a fixed day, so that the demo does not change from one day to the next.
        let filedOn = Date(timeIntervalSince1970: 1_767_225_600 - Double(random.below(1_460)) * 86_400)
        return Permit(
            id: id, number: number(id: id, filedOn: filedOn), kind: kind, status: pick(Permit.Status.allCases),
            address: "\(random.below(3_400) + 2) \(place.street)", district: place.district,
            applicant: "\(pick(Self.givenNames)) \(pick(Self.familyNames))", summary: summary(of: kind),
            filedOn: filedOn, cost: Int(exp(8 + 5 * random.unit())))
    }

    private func number(id: Int, filedOn: Date) -> String {
        let day = Calendar.utc.dateComponents([.year, .month, .day], from: filedOn)
        let monthAndDay = (day.month ?? 1) * 100 + (day.day ?? 1)
        return "\(day.year ?? 2025)-\(padded(monthAndDay))-\(padded(id % 10_000))"
    }

    private func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private mutating func summary(of kind: Permit.Kind) -> String {
        let work = pick(Self.work[kind] ?? ["Repair"])
        return "\(work) \(pick(Self.parts)) of a \(pick(Self.buildings)); \(pick(Self.conditions))."
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[random.below(choices.count)]
    }

    private static let streets: [(street: String, district: String)] = [
        ("Valencia Street", "Mission"), ("Guerrero Street", "Mission"), ("Mission Street", "Mission"),
        ("Folsom Street", "South of Market"), ("Harrison Street", "South of Market"), ("Bryant Street", "Potrero"),
        ("Cortland Avenue", "Bernal Heights"), ("Castro Street", "Castro"), ("Noe Street", "Castro"),
        ("Haight Street", "Haight"), ("Divisadero Street", "Western Addition"), ("Fillmore Street", "Marina"),
        ("Chestnut Street", "Marina"), ("Columbus Avenue", "North Beach"), ("Grant Avenue", "Chinatown"),
        ("Clement Street", "Richmond"), ("Balboa Street", "Richmond"), ("Irving Street", "Sunset"),
        ("Judah Street", "Sunset"), ("Taraval Street", "Parkside"), ("Ocean Avenue", "Ingleside"),
        ("San Bruno Avenue", "Portola"), ("Third Street", "Bayview"), ("Townsend Street", "Mission Bay"),
    ]
    private static let givenNames = [
        "Ada", "Amara", "Benito", "Carmen", "Dolores", "Edwin", "Farah", "Grace", "Hiro", "Ines", "Jamal", "Katya",
        "Lin", "Mateo", "Nadia", "Omar", "Priya", "Quentin", "Rosa", "Sven", "Tomoko", "Ursula", "Viktor", "Wanda",
    ]
    private static let familyNames = [
        "Alvarez", "Bianchi", "Chen", "Dubois", "Eriksen", "Flores", "Garcia", "Huang", "Ivanova", "Johnson", "Kim",
        "Lopez", "Mensah", "Nguyen", "Okafor", "Patel", "Quinn", "Ramirez", "Schmidt", "Tanaka", "Usman", "Valencia",
    ]
    private static let work: [Permit.Kind: [String]] = [
        .alteration: ["Remodel the", "Enlarge the", "Divide the"], .demolition: ["Remove the", "Take down the"],
        .electrical: ["Rewire the", "Add circuits to the"], .mechanical: ["Ventilate the", "Heat the"],
        .newConstruction: ["Build the", "Frame the"], .plumbing: ["Repipe the", "Replace drains of the"],
        .roofing: ["Reroof the", "Waterproof the"], .seismic: ["Brace the", "Bolt the"],
        .signage: ["Mount a sign on the", "Light the sign on the"],
        .solar: ["Put panels on the", "Add a battery to the"],
    ]
    private static let parts = [
        "kitchen", "garage", "rear stairs", "front facade", "second floor", "basement", "roof deck", "light well",
        "storefront", "party wall", "dormer", "entrance",
    ]
    private static let buildings = [
        "single-family house", "corner shop", "three-flat building", "warehouse", "restaurant", "school",
        "hotel", "office building", "church", "row house", "live-work loft", "clinic",
    ]
    private static let conditions = [
        "no change of use", "historic review required", "fire sprinklers included", "work at night is not allowed",
        "neighbours notified", "inspection before cover", "street space needed for nine days",
        "asbestos survey on file", "energy report attached", "plans on two sheets",
    ]
}

extension Calendar {
    /// The Gregorian calendar at UTC, so that a day is the same day on every machine.
    static let utc: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()
}
