/// Signing in, and the pages for those who may not look.
enum AccessTemplates {
    static let all = ["sign-in": signIn, "message": message]

    private static let signIn = """
        <section class="glass-card narrow" aria-labelledby="sign-in-title">
        <h1 id="sign-in-title">Sign in</h1>
        {{#problem}}<div class="notice error" role="alert"><p>{{problem}}</p></div>{{/problem}}
        <form method="post" action="{{action}}">
        <input type="hidden" name="next" value="{{next}}">
        <label><span class="label">Admin token</span>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus></label>
        <button class="primary">Sign in</button>
        </form>
        <p class="aside">The token is the service's <code>ADMIN_TOKEN</code>.</p>
        </section>
        """

    private static let message = """
        <section class="glass-card narrow" aria-labelledby="message-title">
        <h1 id="message-title">{{heading}}</h1>
        <p>{{text}}</p>
        {{#link}}<p><a href="{{href}}">{{linkText}}</a></p>{{/link}}
        </section>
        """
}
