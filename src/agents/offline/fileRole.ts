/** The recognition of tests, documentation and settings by path. */

export type FileRole = "source" | "test" | "documentation" | "settings";

/** What a file is, by its path. */
export function roleOf(path: string): FileRole {
  if (
    /(?:^|\/)(?:tests?|specs?|__tests__|e2e)\//i.test(path) ||
    /(?:[._-](?:test|spec)s?|_test)\.\w+$|(?:^|\/)test_[^/]+$/i.test(path)
  ) {
    return "test";
  }
  if (/\.(?:md|mdx|rst|adoc|txt)$/i.test(path) || /(?:^|\/)docs?\//i.test(path))
    return "documentation";
  if (/\.(?:json|ya?ml|toml|ini|cfg|conf|env[^/]*|properties|xml|tf)$/i.test(path))
    return "settings";
  return /(?:^|\/)(?:Dockerfile|Makefile|Procfile)[^/]*$/.test(path) ? "settings" : "source";
}
