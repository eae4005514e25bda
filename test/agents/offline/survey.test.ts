import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { scratch } from "../attempt.ts";
import { ask, bakery, FINDINGS, planPrompt } from "./shop.ts";

const NOTES = {
  "src/server.js": `import { createRouter } from "./router.js";\nimport { config } from "./config.js";\n\ncreateRouter(config);\n`,
  "src/router.js": `import { ApiError } from "./answers.js";\n\nexport function createRouter() {\n  return (request) => {\n    if (request.method === "GET") return "ok";\n    throw new ApiError(404);\n  };\n}\n`,
  "src/answers.js": "export class ApiError extends Error {}\n",
  "src/config.js": "export const config = {\n  port: process.env.PORT,\n};\n",
  "test/router.test.js": `import { createRouter } from "../src/router.js";\ntest("it", createRouter);\n`,
  "package.json": '{\n  "scripts": {\n    "test": "node --test"\n  }\n}\n',
};

/** One small service a language; each with a route, a setting, an error and a test at known lines. */
const LANGUAGES: readonly (readonly [
  string,
  Readonly<Record<string, string>>,
  readonly string[],
])[] = [
  [
    "JavaScript",
    NOTES,
    ["src/router.js:3", "test/router.test.js:1", "src/config.js:2", "src/answers.js:1"],
  ],
  [
    "Python",
    {
      "shop/app.py": `"""Shop."""\nimport os\n\nTIMEOUT = os.environ.get("TIMEOUT", "5")\n\n\nclass Gone(Exception):\n    pass\n\n\n@app.get("/things")\ndef things():\n    raise Gone()\n`,
      "tests/test_app.py":
        "from shop.app import things\n\n\ndef test_things():\n    assert things\n",
    },
    ["shop/app.py:11", "tests/test_app.py:1", "shop/app.py:4", "shop/app.py:7"],
  ],
  [
    "Go",
    {
      "server.go": `package shop\n\nimport "net/http"\n\nvar ErrGone = errors.New("gone")\n\nvar port = os.Getenv("PORT")\n\nfunc Serve(w http.ResponseWriter, r *http.Request) {\n\thttp.Error(w, "gone", 410)\n}\n`,
      "server_test.go": "package shop\n\nfunc TestServe(t *testing.T) {\n}\n",
    },
    ["server.go:9", "server_test.go:3", "server.go:7", "server.go:5"],
  ],
  [
    "Rust",
    {
      "src/api.rs": `use axum::Router;\n\npub fn router() -> Router {\n    Router::new().route("/things", get(things))\n}\n\npub struct ApiConfig {}\n\npub enum Gone {}\nimpl std::error::Error for Gone {}\n`,
      "tests/api.rs": "use shop::api::router;\n\n#[test]\nfn answers() {}\n",
    },
    ["src/api.rs:4", "tests/api.rs:3", "src/api.rs:7", "src/api.rs:10"],
  ],
  [
    "Java",
    {
      "src/main/java/ShopController.java": `@RestController\npublic class ShopController {\n  String home = System.getenv("HOME");\n  @GetMapping("/things")\n  String things() {\n    throw new GoneException();\n  }\n}\nclass GoneException extends RuntimeException {}\n`,
      "src/test/java/ShopControllerTest.java":
        "class ShopControllerTest {\n  @Test\n  void things() {}\n}\n",
    },
    [
      "src/main/java/ShopController.java:1",
      "src/test/java/ShopControllerTest.java:2",
      "src/main/java/ShopController.java:3",
      "src/main/java/ShopController.java:9",
    ],
  ],
];

async function places(t: TestContext, files: Readonly<Record<string, string>>, question: string) {
  const { data } = await ask(await scratch(t, { ...files }), `Question: ${question}`, FINDINGS);
  const found: { path: string; line: number }[] = Object(data).findings;
  return found.map(({ path, line }) => `${path}:${line}`);
}

for (const [language, files, [api, tests, settings, errors]] of LANGUAGES) {
  test(`${language}: the API, its tests, settings and errors are told from the code`, async (t) => {
    const asked: readonly (readonly [string, string | undefined])[] = [
      ["Where is the public API today?", api],
      ["How is the public API tested?", tests],
      ["Which settings does the public API use?", settings],
      ["How are errors of the public API reported?", errors],
    ];
    for (const [question, place] of asked) {
      const found = await places(t, files, question);
      assert.ok(found.includes(place ?? ""), `${question} ${place} is not in ${found.join(" ")}`);
    }
  });
}

test("what is only near is told apart from what answers", async (t) => {
  const { "test/router.test.js": _, ...untested } = NOTES;
  const files = {
    ...untested,
    "test/answers.test.js": `import { ApiError } from "../src/answers.js";\n`,
  };
  const root = await scratch(t, files);
  const tested = await ask(root, "Question: How is the public API tested?");
  assert.match(tested.response, /No line says it in these words\./);
  assert.match(
    tested.response,
    /Nothing closer was found; the nearest is \(no test is named after or imports `src\/router\.js`/,
  );
  assert.match(tested.response, /- `test\/answers\.test\.js:1`/);
  const reported = await ask(root, "Question: How are errors of the public API reported?");
  assert.match(reported.response, /Told from the code, not from words/);
});

test("a repository with nothing of the kind still says so", async (t) => {
  const root = await bakery(t);
  for (const question of ["How is the public API tested?", "Which settings does the login use?"]) {
    const { response } = await ask(root, `Question: ${question}`);
    assert.match(response, /Nothing in this repository says anything about/, question);
  }
});

test("a file that changes between two questions is read again", async (t) => {
  const root = await scratch(t, NOTES);
  const { writeFile } = await import("node:fs/promises");
  const question = "Question: Where is the public API today?";
  assert.match((await ask(root, question)).response, /src\/router\.js:3/);
  await writeFile(`${root}/src/router.js`, `// moved\n\n\n\n${NOTES["src/router.js"]}`);
  assert.match((await ask(root, question)).response, /src\/router\.js:7/);
});

test("a plan starts from what the code does, asks each open question once, and repeats no quotation", async (t) => {
  const task = "Add rate limiting to the public API";
  const { response } = await ask(await scratch(t, NOTES), planPrompt([], "none", task));
  assert.match(response, /\*\*Change `src\/router\.js`\*\*\n {3}- Now: `src\/router\.js:3`/);
  assert.match(response, /Used by `src\/server\.js:1`/);
  assert.match(response, /`src\/router\.js` is tested in `test\/router\.test\.js:1`/);
  assert.match(response, /\*\*Add the refusal to the errors: `src\/answers\.js`\*\*/);
  assert.match(response, /\*\*Make the limit a setting: `src\/config\.js`\*\*/);
  const lines = response.split("\n").filter((line) => /^\s*- (?:Open|Now): /.test(line));
  assert.equal(new Set(lines).size, lines.length);
  const review = await ask(await bakery(t), `Review this plan.\n\nPlan:\n${response}`);
  assert.doesNotMatch(review.response, /How many requests in which time/);
});
