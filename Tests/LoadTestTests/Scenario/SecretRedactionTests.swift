import Testing

@testable import LoadTest

@Suite struct SecretRedactionTests {
    @Test(
        "Secrets in paths and queries",
        arguments: [
            ("/a?token=s3cret", "/a?token=REDACTED"),
            ("/a?b=1&access_token=s3cret&c=2", "/a?b=1&access_token=REDACTED&c=2"),
            (
                "/a?X-Amz-Signature=s3cret&X-Amz-Credential=s3cret",
                "/a?X-Amz-Signature=REDACTED&X-Amz-Credential=REDACTED"
            ),
            ("/a?apiKey=s3cret;PassWord=s3cret", "/a?apiKey=REDACTED;PassWord=REDACTED"),
            ("/a?api%5Fkey=s3cret", "/a?api%5Fkey=REDACTED"), ("/a?sig=s3cret%2B", "/a?sig=REDACTED"),
            ("/a;jsessionid=s3cret/b?c=d", "/a;jsessionid=REDACTED/b?c=d"),
            ("/in?code=s3cret-s3cret", "/in?code=REDACTED"), ("/a?token=a=s3cret", "/a?token=REDACTED"),
            ("/go?to=https://me:s3cret@x/", "/go?to=https://REDACTED@x/"),
            ("/go?to=https%3A%2F%2Fme%3As3cret%40x%2F%3Fa%3Db", "/go?to=https://REDACTED%40x/%3Fa%3Db"),
            ("/go?to=%2Fcb%3Ftoken%3Ds3cret", "/go?to=/cb%3Ftoken%3DREDACTED"),
            ("/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.s3cret/x", "/t/REDACTED/x"),
        ])
    func paths(path: String, expected: String) {
        let redaction = SecretRedaction(path: path)
        #expect(redaction.text.replacing("@", with: "%40") == expected.replacing("@", with: "%40"))
        #expect(!redaction.names.isEmpty)
        #expect(!redaction.text.contains("s3cret"))
    }

    @Test(
        "What is no secret stays",
        arguments: [
            "/", "/search?q=token", "/books?author=tolkien&code=DE&key=name", "/a?token=", "/a?token={{token}}",
            "/a?b=c%2Fd",
            "/users/me@x.example", "/a?utm_source=x&page=2", "/a?token=REDACTED",
        ])
    func ordinary(path: String) {
        #expect(SecretRedaction(path: path).text == path)
        #expect(SecretRedaction(path: path).names == [])
    }

    @Test(
        "Secrets in bodies",
        arguments: [
            (#"{"a": {"password" : "s3\"cret"}, "b": "c"}"#, #"{"a": {"password" : "REDACTED"}, "b": "c"}"#),
            (#"{"otp": 123456, "n": 1}"#, #"{"otp": 0, "n": 1}"#),
            ("user=ada&password=s3cret", "user=ada&password=REDACTED"),
            (
                "--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ns3cret\r\n--x--",
                "--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nREDACTED\r\n--x--"
            ), ("token is a word", "token is a word"), (#"{"title": "token"}"#, #"{"title": "token"}"#),
        ])
    func bodies(body: String, expected: String) {
        #expect(SecretRedaction(body: body).text == expected)
    }

    @Test("Steps are named without the secrets of their paths")
    func names() {
        #expect(Step(path: "/a?token=s3cret").name == "GET /a?token=REDACTED")
        #expect(Step(path: "/a?token=s3cret").path.fixed == "/a?token=s3cret")
    }
}
