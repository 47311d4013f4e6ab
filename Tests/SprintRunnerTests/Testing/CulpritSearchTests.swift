import Testing

@testable import SprintRunner

@Suite struct CulpritSearchTests {
    /// Runs a search against a train whose prefixes pass until a merge; returns the answer and the rounds.
    private func search(_ count: Int, slots: Int, breaksAt first: Int?) -> (answer: CulpritSearch.Action, rounds: Int) {
        var search = CulpritSearch(count: count, slots: slots)
        var rounds = 0
        while case .test(let prefixes) = search.next {
            #expect(prefixes.count <= slots)
            #expect(Set(prefixes).count == prefixes.count)
            rounds += 1
            for prefix in prefixes { search.record(prefix, passed: first.map { prefix < $0 } ?? true) }
        }
        return (search.next, rounds)
    }

    @Test func twoRoundsOfFourNameOneOfSixteen() {
        for culprit in 1...16 {
            let (answer, rounds) = search(16, slots: 4, breaksAt: culprit)
            #expect(answer == .culprit(culprit))
            #expect(rounds <= 2)
        }
    }

    @Test func aTrainThatPassesTakesOneRound() {
        let (answer, rounds) = search(16, slots: 4, breaksAt: nil)
        #expect(answer == .passes)
        #expect(rounds == 1)
    }

    @Test func aTargetThatFailsIsNobodysFault() {
        #expect(search(16, slots: 4, breaksAt: 0).answer == .failsBefore)
        #expect(search(1, slots: 1, breaksAt: 0).answer == .failsBefore)
    }

    @Test func everySizeEndsWithTheRightAnswer() {
        for count in 1...40 {
            for slots in 1...6 {
                for culprit in 1...count {
                    #expect(search(count, slots: slots, breaksAt: culprit).answer == .culprit(culprit))
                }
            }
        }
    }

    @Test func aMendInBetweenStillGivesAFailureRightAfterAPass() {
        var search = CulpritSearch(count: 8, slots: 3)
        let passes = [true, true, false, true, true, true, false, false, false]
        while case .test(let prefixes) = search.next {
            for prefix in prefixes { search.record(prefix, passed: passes[prefix]) }
        }
        guard case .culprit(let prefix) = search.next else {
            Issue.record("\(search.next)")
            return
        }
        #expect(passes[prefix - 1] && !passes[prefix])
    }
}
