import SystemPackage
import Testing

@testable import SprintRunner

@Suite struct TestCaseCounterTests {
    private func count(_ text: String, in name: String) -> Int {
        TestCaseCounter.count(in: Array(text.utf8), of: TreePath(name))
    }

    @Test func pytestAndUnittest() {
        let text = """
            import pytest

            def helper(): pass

            def test_one():
                assert True

            async def test_two(): ...

            @pytest.mark.parametrize("x", [1, 2])
            def test_three(x): ...

            class TestBasket:
                def test_four(self): ...
                def setup_method(self): ...

            # def test_not_this(): ...
            tested = "def test_nor_this():"
            """
        #expect(count(text, in: "tests/test_basket.py") == 4)
    }

    @Test func swiftTesting() {
        let text = """
            @Suite struct BasketTests {
                @Test func one() {}
                @Test("in words") func two() {}
                @Test(arguments: [1, 2])
                func three(_ number: Int) {}
                @Test
                func four() async throws {}
                @MainActor @Test func five() {}
                func helper() {}
                // @Test func notThis() {}
                @TestScoped func norThis() {}
            }
            """
        #expect(count(text, in: "Tests/BasketTests.swift") == 5)
    }

    @Test func xctest() {
        let text = """
            final class BasketTests: XCTestCase {
                func testOne() {}
                func testTwo() async throws {}
                @MainActor func testThree() {}
                override func setUp() {}
                func testable(_ basket: Basket) {}
                func helper() {}
            }
            """
        #expect(count(text, in: "Tests/BasketTests.swift") == 3)
    }

    @Test func jest() {
        let text = """
            describe("basket", () => {
              it("adds", () => {});
              test('removes', async () => {});
              it.only(`counts`, () => {});
              test.each([[1, 2]])("sums %i", (a, b) => {});
              it.each`
                a | b
              `("divides", () => {});
              beforeEach(() => {});
              // it("is not this", () => {});
              const result = pattern.test("text");
              test.describe("group", () => {});
            });
            """
        for name in ["basket.test.js", "basket.spec.ts", "basket.test.tsx", "basket.mjs"] {
            #expect(count(text, in: name) == 5, "\(name)")
        }
    }

    @Test func go() {
        let text = """
            package basket

            func TestAdd(t *testing.T) {}
            func Test_remove(t *testing.T) {}
            func TestÄnderung(t *testing.T) {}
            func Testing(t *testing.T) {}
            func BenchmarkAdd(b *testing.B) {}
            func TestMain(m *testing.M) {}
            func testHelper(t *testing.T) {}
            """
        #expect(count(text, in: "basket/basket_test.go") == 3)
        #expect(count(text, in: "basket/basket.go") == 0)
    }

    @Test func junit() {
        let text = """
            class BasketTest {
                @Test
                void adds() {}
                @Test public void removes() {}
                @ParameterizedTest
                @ValueSource(ints = {1, 2})
                void counts(int n) {}
                @RepeatedTest(3) void shakes() {}
                @org.junit.Test public void old() {}
                @BeforeEach void prepare() {}
                @TestInstance(Lifecycle.PER_CLASS)
                // @Test void notThis() {}
            }
            """
        #expect(count(text, in: "src/test/java/BasketTest.java") == 5)
        #expect(count("@Test fun `adds two`() {}\n", in: "BasketTest.kt") == 1)
    }

    @Test func cargo() {
        let text = """
            #[cfg(test)]
            mod tests {
                #[test]
                fn adds() {}
                #[tokio::test]
                async fn waits() {}
                #[tokio::test(flavor = "multi_thread")]
                async fn waits_long() {}
                #[test] fn short() {}
                // #[test]
                #[derive(Debug)]
                struct Basket;
            }
            """
        #expect(count(text, in: "src/basket.rs") == 4)
    }

    @Test func linesThatEndInCarriageReturnsCount() {
        #expect(count("def test_a():\r\n    pass\r\ndef test_b():\r\n    pass\r\n", in: "test_a.py") == 2)
    }

    @Test func otherFilesHoldNoTests() {
        #expect(count("def test_a():\n", in: "notes.md") == 0)
        #expect(count("def test_a():\n\0", in: "test_a.py") == 0)
    }

    @Test func aBranchAddsWhatWasNotThere() async throws {
        let scratch = try await Scratch.withRepository()
        let repository = try await Repository(at: scratch.repository)
        try await ObjectStore(directory: scratch.root.appending("objects.git"), repository: repository).open {
            objects async throws in
            let base = try await objects.commit(["test_a.py": Array("def test_a():\n  pass\n".utf8)])
            let head = try await objects.commit(
                [
                    "test_b.py": Array("def test_a():\n  pass\ndef test_b():\n  pass\n".utf8),
                    "test_c.py": Array("def test_c(): ...\n".utf8),
                ], [base])
            let changes = try await objects.changes(from: objects.tree(of: base), to: objects.tree(of: head))
            #expect(try await TestCaseCounter.added(by: changes, in: objects) == 2)
        }
    }
}
