/// The report as a mail: mail programs drop style sheets and scripts, so every style stands where it applies.
enum MailTemplates {
    static let all = ["mail": mail]

    private static let mail = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{heading}}</title></head>
        <body style="margin:0;background:#0B0F19;color:#E8ECF4;font:400 15px/1.5 'IBM Plex Sans',system-ui,-apple-system,'Segoe UI',sans-serif">
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#0B0F19"><tr><td align="center" style="padding:24px 12px">
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:820px;text-align:left">
        <tr><td style="padding:0 0 16px">
        <h1 style="margin:0;font:700 24px/1.3 'JetBrains Mono',ui-monospace,monospace;color:#E8ECF4">{{heading}}</h1>
        <div style="color:#8B95A8;font-size:13px">{{period}}</div></td></tr>
        <tr><td style="padding:16px 20px;background:#131825;border:1px solid #222838;border-radius:12px;font-size:17px">{{sentence}}
        {{#regressions}}<div style="color:#FBBF24;font-size:14px;padding-top:6px;word-break:break-word">▲ {{.}}</div>{{/regressions}}
        {{#notices}}<div style="color:#FBBF24;font-size:14px;padding-top:8px">{{.}}</div>{{/notices}}</td></tr>
        <tr><td style="padding:16px 0 0"><table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>
        {{#blocks}}<td valign="top" style="padding:14px 10px;background:#131825;border:1px solid #222838">
        <div style="font:700 20px/1.2 'JetBrains Mono',ui-monospace,monospace;color:{{colour}};white-space:nowrap">{{value}}</div>
        <div style="color:#8B95A8;font-size:11px;font-weight:600;letter-spacing:.05em;text-transform:uppercase">{{label}}</div>
        <div style="color:#8B95A8;font-size:12px">{{was}}</div></td>
        {{/blocks}}</tr></table></td></tr>
        {{#tables}}<tr><td style="padding:24px 0 0">
        <h2 style="margin:0 0 8px;font:600 16px/1.3 'JetBrains Mono',ui-monospace,monospace;color:#E8ECF4">{{title}}</h2>
        {{#hasRows}}<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;background:#131825;font-size:13px">
        <tr>{{#header}}<th align="{{align}}" style="padding:8px 10px;color:#8B95A8;font-size:11px;text-transform:uppercase;letter-spacing:.05em;border-bottom:1px solid #222838">{{text}}</th>{{/header}}</tr>
        {{#rows}}<tr>{{#.}}<td align="{{align}}" style="padding:8px 10px;border-bottom:1px solid #1A2035;color:#E8ECF4;{{face}}">{{text}}</td>{{/.}}</tr>
        {{/rows}}</table>{{/hasRows}}{{^hasRows}}<div style="color:#8B95A8">{{empty}}</div>{{/hasRows}}</td></tr>
        {{/tables}}
        <tr><td style="padding:20px 0 0;color:#8B95A8;font-size:12px">{{#footnotes}}<div style="padding-bottom:4px">{{.}}</div>{{/footnotes}}</td></tr>
        </table></td></tr></table>
        </body></html>

        """
}
