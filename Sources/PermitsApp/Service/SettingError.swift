/// A setting that cannot be used: which one, its value, and what is allowed.
package struct SettingError: Error, Hashable, CustomStringConvertible {
    /// The flag and environment variable, "--port or PORT".
    package let setting: String
    /// What it was set to; nil where it is a secret.
    package let value: String?
    /// What it may be.
    package let allowed: String

    package init(setting: String, value: String?, allowed: String) {
        self.setting = setting
        self.value = value
        self.allowed = allowed
    }

    package var description: String {
        let value = value.map { " is '\($0)'" } ?? " cannot be used"
        return "\(setting)\(value); allowed: \(allowed)"
    }
}
