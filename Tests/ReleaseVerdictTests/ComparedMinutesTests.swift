import Foundation
import RequestMetrics
import Testing

@testable import ReleaseVerdict

@Suite struct ComparedMinutesTests {
    private func minute(_ minute: Double) -> Date { ServiceHistory.noon.addingTimeInterval(minute * 60) }

    private func minutes(
        markedAt: Double = 30.5, others: [Double] = [], window: Double = 20, settling: Double = 0,
        oldest: Double? = nil, now: Double = 100
    ) -> ComparedMinutes {
        ComparedMinutes(
            of: ReleaseMark(name: "new", at: minute(markedAt)),
            among: others.map { ReleaseMark(name: "at \($0)", at: minute($0)) }, window: window * 60,
            settling: settling * 60, oldestMinute: oldest.map(minute), now: minute(now))
    }

    @Test func theMinuteOfTheMarkBelongsToNeither() {
        let minutes = minutes()
        #expect(minutes.before == minute(10)..<minute(30))
        #expect(minutes.after == minute(31)..<minute(51))
        #expect(minutes.notes.isEmpty)
    }

    @Test func aMarkOnTheFullMinuteLosesNone() {
        let minutes = minutes(markedAt: 30)
        #expect(minutes.before == minute(10)..<minute(30))
        #expect(minutes.after == minute(30)..<minute(50))
    }

    @Test func settlingIsRoundedUpToMinutes() {
        #expect(minutes(settling: 1.2).after == minute(33)..<minute(53))
    }

    @Test func onlyWhatHasHappenedAndWasDrained() {
        // At 40:10 the minute that ended at 40:00 may still wait for its drain.
        #expect(minutes(now: 40 + 10.0 / 60).after == minute(31)..<minute(39))
        #expect(minutes(now: 40 + 20.0 / 60).after == minute(31)..<minute(40))
        #expect(minutes(now: 30.6).after.isEmpty)
    }

    @Test func otherMarksNarrowBothSides() {
        let minutes = minutes(others: [5, 12.5, 40.5, 45])
        #expect(minutes.before == minute(13)..<minute(30))
        #expect(minutes.after == minute(31)..<minute(40))
        #expect(
            minutes.notes == [
                "the minutes before begin at the mark 'at 12.5'", "the minutes after end at the mark 'at 40.5'",
            ])
    }

    @Test func minutesThatAreNoLongerKept() {
        #expect(minutes(oldest: 25).before == minute(25)..<minute(30))
        #expect(minutes(oldest: 35).before.isEmpty)
    }
}
