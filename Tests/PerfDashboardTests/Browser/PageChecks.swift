/// What is asked of a page once it stands: functions that return the offenders.
enum PageChecks {
    /// Elements that reach beyond the right edge of the screen.
    static let outside = """
        const width = document.documentElement.clientWidth;
        return [...document.querySelectorAll('body *')]
          .filter((e) => !e.closest('.hidden, thead, .scroll, svg') && e.getBoundingClientRect().right > width + 0.5)
          .map((e) => e.tagName + '.' + e.className);
        """

    /// Texts whose contrast with what is behind them is below 4.5 to 1 (WCAG 2.2, 1.4.3), large ones below 3.
    static let faintText = """
        const parse = (c) => { const n = (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number); return n.length < 4 ? [...n, 1] : n; };
        const over = (a, b) => [0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
        const light = (c) => { const [r, g, b] = c.map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
          return .2126 * r + .7152 * g + .0722 * b; };
        const behind = (e) => { const layers = []; for (let n = e; n; n = n.parentElement) layers.push(parse(getComputedStyle(n).backgroundColor));
          return layers.reverse().reduce((below, layer) => over(layer, below), [11, 15, 25, 1]); };
        const bad = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const e = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
          if (!text || e.closest('.hidden, script, style, title, thead') && innerWidth < 768 || e.closest('.hidden, script, title')) continue;
          const style = getComputedStyle(e), box = e.getBoundingClientRect();
          if (style.visibility === 'hidden' || box.width === 0) continue;
          const back = behind(e), front = over(parse(e instanceof SVGElement ? style.fill : style.color), back);
          const [high, low] = [light(front), light(back)].sort((a, b) => b - a);
          const size = parseFloat(style.fontSize), isLarge = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
          if ((high + .05) / (low + .05) < (isLarge ? 3 : 4.5)) bad.push(text.slice(0, 30) + ' ' + ((high + .05) / (low + .05)).toFixed(2));
        }
        return bad;
        """

    /// Buttons, fields and links of the bar that are lower than 44 pixels, 48 on a phone.
    static let smallControls = """
        const least = innerWidth < 768 ? 48 : 44;
        return [...document.querySelectorAll('button, input:not([type=hidden]), .windows a, .menu > summary, th a')]
          .filter((e) => !e.closest('.menu nav, thead') || innerWidth >= 768 && !e.closest('.menu nav'))
          .filter((e) => e.getBoundingClientRect().height < (e.closest('th') ? 44 : least) - 0.5)
          .map((e) => e.tagName + ' ' + e.textContent + ' ' + e.getBoundingClientRect().height);
        """

    /// The text of what has focus, marked when its focus cannot be seen.
    static let focus = """
        const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
        const isSeen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0;
        return (isSeen ? '' : 'INVISIBLE ') + e.textContent.trim();
        """
}
