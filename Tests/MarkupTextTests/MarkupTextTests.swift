import MarkupText
import Testing

@Suite struct MarkupTextTests {
    @Test(
        "Text becomes text, whatever it holds",
        arguments: [
            ("", ""), ("Straße 1, 😀", "Straße 1, 😀"), ("a\tb\r\nc", "a\tb\r\nc"),
            ("<img src=\"x\" onerror='y'> & co", "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt; &amp; co"),
            ("&amp;", "&amp;amp;"), ("]]>", "]]&gt;"),
            // A carriage return and a line feed are one character, but two scalars; so is a letter with its accent.
            ("<\u{301}", "&lt;\u{301}"),
        ])
    func shown(text: String, markup: String) {
        #expect(text.markupEscaped == markup)
    }

    @Test("What XML forbids and what turns text around is replaced")
    func forbidden() {
        #expect("a\u{0}b\u{1B}<\u{85}".markupEscaped == "a\u{FFFD}b\u{FFFD}&lt;\u{FFFD}")
        #expect("\u{FFFE}\u{FFFF}\u{7F}".markupEscaped == "\u{FFFD}\u{FFFD}\u{FFFD}")
        #expect("safe\u{202E}gpj.exe\u{2066}".markupEscaped == "safe\u{FFFD}gpj.exe\u{FFFD}")
    }
}
