import Foundation

/// Numbers as reports print them, the same in every locale.
extension Double {
    /// With so many digits after the point.
    package func fixed(_ digits: Int) -> String {
        String(format: "%.\(digits)f", locale: Locale(identifier: "en_US_POSIX"), self)
    }

    /// A share as a percentage: 0.041 is "4.1 %".
    package var percent: String { "\((self * 1_000).rounded() / 10) %" }

    /// A share as a percentage with its sign: "+4.1 %".
    package var signedPercent: String { (self < 0 ? "-" : "+") + "\((abs(self) * 100).fixed(1)) %" }

    /// Rounded to so many decimal places.
    package func rounded(places: Int) -> Double {
        var factor = 1.0
        for _ in 0..<places { factor *= 10 }
        return (self * factor).rounded() / factor
    }
}
