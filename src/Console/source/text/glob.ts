/** What has no * ? or [ is looked for anywhere in a name. */
export function toGlob(pattern: string): string {
  return pattern === "" ? "*" : /[*?[]/.test(pattern) ? pattern : `*${pattern}*`;
}
