public import Foundation

/// A real, headless Chromium, driven by WebDriver (W3C) through `chromedriver`.
///
/// ```swift
/// try await Browser.run { browser in
///     try await browser.open("http://127.0.0.1:8080/")
///     try await browser.wait(until: "document.title !== ''")
/// }
/// ```
/// Waiting is done inside the page, on its own mutations, so that no test sleeps.
public struct Browser: Sendable {
    let session: WebDriverSession

    /// Starts a driver and a browser, gives it to `body`, and ends both whatever happens.
    ///
    /// - Parameters:
    ///   - width: Of the page in CSS pixels.
    ///   - isScripted: Whether pages may run scripts.
    public static func run<Result: Sendable>(
        width: Int = 1400, height: Int = 1000, isScripted: Bool = true,
        _ body: @Sendable (Browser) async throws -> Result
    ) async throws -> Result {
        try await WebDriverSession.run { session in
            let browser = Browser(session: session)
            try await browser.resize(width: width, height: height)
            if !isScripted {
                try await session.devTools("Emulation.setScriptExecutionDisabled", ["value": true])
            }
            return try await body(browser)
        }
    }

    /// Opens an address and waits until the page is loaded.
    public func open(_ address: String) async throws {
        try await session.post("url", ["url": address])
    }

    /// Loads the page again.
    public func reload() async throws {
        try await session.post("refresh", [:])
    }

    /// The address of the page shown.
    public var address: String {
        get async throws { try await session.get("url") as? String ?? "" }
    }

    /// The page's title.
    public var title: String {
        get async throws { try await session.get("title") as? String ?? "" }
    }

    /// The page as it stands, as HTML.
    public var source: String {
        get async throws { try await session.get("source") as? String ?? "" }
    }

    /// The text that a reader sees in the first element that matches.
    public func text(_ selector: String) async throws -> String {
        try await freshly { try await session.get("element/\(element(selector))/text") as? String ?? "" }
    }

    /// Clicks the first element that matches, as a pointer would.
    public func click(_ selector: String) async throws {
        try await freshly { try await session.post("element/\(element(selector))/click", [:]) }
    }

    /// Types into the first element that matches.
    public func type(_ text: String, into selector: String) async throws {
        try await session.post("element/\(element(selector))/value", ["text": text])
    }

    /// Presses one key on whatever has focus. Special keys are WebDriver's code points: Tab is `\u{E004}`.
    public func press(_ key: String) async throws {
        let actions: [[String: Any]] = [["type": "keyDown", "value": key], ["type": "keyUp", "value": key]]
        try await session.post("actions", ["actions": [["type": "key", "id": "keyboard", "actions": actions]]])
    }

    /// The tabulator key.
    public static let tab = "\u{E004}"
    /// The enter key.
    public static let enter = "\u{E007}"
    /// The escape key.
    public static let escape = "\u{E00C}"

    /// Runs a function's body in the page and gives what it returns, as JSON has it.
    @discardableResult
    public func evaluate(_ body: String) async throws -> JSONValue {
        JSONValue(try await session.post("execute/sync", ["script": body, "args": [Any]()]))
    }

    /// Waits until an expression holds, looking again at every change of the page.
    ///
    /// - Throws: ``BrowserError`` when it does not hold within 20 seconds.
    public func wait(until expression: String) async throws {
        let script = """
            const done = arguments[arguments.length - 1];
            const holds = () => { try { return Boolean(\(expression)); } catch { return false; } };
            if (holds()) { done(true); return; }
            const finish = (result) => { observer.disconnect(); clearTimeout(timer); done(result); };
            const observer = new MutationObserver(() => { if (holds()) finish(true); });
            observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
            const timer = setTimeout(() => finish(holds()), 20000);
            """
        let held = try await session.post("execute/async", ["script": script, "args": [Any]()]) as? Bool ?? false
        if !held { throw BrowserError("This never became true on \(try await address): \(expression)") }
    }

    /// Sets the size of the page in CSS pixels; below 600 as a phone's.
    public func resize(width: Int, height: Int) async throws {
        try await session.devTools(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600])
    }

    /// What the console said since the last call, errors and warnings only.
    public func complaints() async throws -> [String] {
        let entries = try await session.post("se/log", ["type": "browser"]) as? [[String: Any]] ?? []
        return entries.compactMap { entry in
            guard let level = entry["level"] as? String, ["SEVERE", "WARNING"].contains(level) else { return nil }
            return entry["message"] as? String
        }
    }

    /// A picture of the whole page as a PNG file.
    public func picture() async throws -> Data {
        let size = "return [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        let sides = try await evaluate(size).strings.compactMap(Double.init)
        guard sides.count == 2 else { throw BrowserError("The page \(try await address) has no size") }
        let clip: [String: Any] = ["x": 0, "y": 0, "width": sides[0], "height": sides[1], "scale": 1]
        let answer = try await session.devTools(
            "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true, "clip": clip])
        let encoded = (answer as? [String: Any])?["data"] as? String ?? ""
        return Data(base64Encoded: encoded) ?? Data()
    }

    /// Finds the element anew when a live page has replaced it in between.
    @discardableResult
    private func freshly<Result>(_ use: () async throws -> Result) async throws -> Result {
        for _ in 0..<5 {
            do { return try await use() } catch let error as BrowserError where error.isStale { continue }
        }
        return try await use()
    }

    private func element(_ selector: String) async throws -> String {
        let found = try await session.post("element", ["using": "css selector", "value": selector]) as? [String: Any]
        // The key is a constant of the WebDriver specification, section 12.1.
        guard let id = found?["element-6066-11e4-a52e-4f735466cecf"] as? String else {
            throw BrowserError("There is no element \(selector) on \(try await address)")
        }
        return id
    }
}

/// A value that a page gave back.
public struct JSONValue: Sendable {
    /// A text, the description of anything else.
    public let string: String?
    /// A number.
    public let number: Double?
    /// A truth value.
    public let bool: Bool?
    /// A list of texts.
    public let strings: [String]

    init(_ value: Any?) {
        string = value as? String
        number = (value as? NSNumber)?.doubleValue
        bool = value as? Bool
        strings = (value as? [Any])?.map { "\($0)" } ?? []
    }
}

/// What a browser could not do.
public struct BrowserError: Error, CustomStringConvertible {
    /// What happened.
    public let description: String

    /// Whether the element was replaced between finding and using it.
    let isStale: Bool

    init(_ description: String, isStale: Bool = false) {
        self.description = description
        self.isStale = isStale
    }
}
