/** Web addresses in the settings of agents. Owns the words about one that is none. */

/** What is wrong with an `api_url`; the rest of a sentence after the agent's name. */
export function badAddress(url: string | undefined): string | undefined {
  if (url === undefined || (URL.canParse(url) && /^https?:\/\//i.test(url))) return undefined;
  return `has the api_url ${JSON.stringify(url)}, which is no web address. Write it with http:// or https:// in its settings.`;
}
