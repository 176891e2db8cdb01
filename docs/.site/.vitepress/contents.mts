// The order of the pages stands in one place, docs/README.md: a heading is a group of the sidebar, an item of a list that begins with a
// link is a page.

export interface Page { title: string; path: string }
export interface Group { title: string; isApart: boolean; pages: Page[] }

export function parseContents(text: string): Group[] {
  const groups: Group[] = []
  for (const line of text.split('\n')) {
    const heading = /^## (.+)$/.exec(line)
    if (heading) {
      groups.push({ title: heading[1], isApart: false, pages: [] })
    }
    const item = /^- \[([^\]]+)\]\(([^)#]+\.md)\)/.exec(line)
    if (item && !item[2].startsWith('..')) {
      groups.at(-1)?.pages.push({ title: item[1], path: item[2] })
    }
  }
  const inUse = groups.filter(group => group.pages.length > 0)
  const apart = inUse.findIndex(group => group.title === 'How it works')
  inUse.forEach((group, index) => { group.isApart = apart >= 0 && index >= apart })
  return inUse
}
