import { existsSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

// Anchors are those of code hosts, so that a link is right in both places.
export function githubSlug(text: string): string {
  return text.trim().toLowerCase().replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replace(/ /g, '-')
}

// Pages link to files of the repository that are no pages. Such a link leads to the sources where they are known, and is only its text
// otherwise. A file that does not exist stays a link, which the build then calls dead.
export function followLinks(md: MarkdownRenderer, docs: string, sources: string | undefined): void {
  md.core.ruler.after('inline', 'follow-links', state => {
    const page: string | undefined = state.env.path
    for (const token of state.tokens) {
      const left: boolean[] = []
      for (const child of token.children ?? []) {
        if (child.type === 'link_open') {
          const href = child.attrGet('href') ?? ''
          const path = outsidePath(href, page, docs)
          left.push(path !== null && !sources)
          if (path !== null && sources) {
            child.attrSet('href', `${sources}/${path}`)
          }
          if (left.at(-1)) {
            child.type = 'text'
            child.content = ''
          }
        } else if (child.type === 'link_close' && left.pop()) {
          child.type = 'text'
          child.content = ''
        }
      }
    }
  })
}

// A page that is named in code, as `SCRIPTING.md`, is linked to.
export function linkNames(md: MarkdownRenderer, docs: string): void {
  md.core.ruler.after('inline', 'link-names', state => {
    const page: string | undefined = state.env.path
    if (page === undefined) {
      return
    }
    for (const token of state.tokens) {
      let depth = 0
      token.children = token.children?.flatMap(child => {
        depth += child.type === 'link_open' ? 1 : child.type === 'link_close' ? -1 : 0
        const target = child.type === 'code_inline' && depth === 0 ? namedPage(child.content, page, docs) : null
        if (target === null) {
          return [child]
        }
        const open = new state.Token('link_open', 'a', 1)
        open.attrSet('href', '/' + target)
        return [open, child, new state.Token('link_close', 'a', -1)]
      }) ?? null
    }
  })
}

// What looks like Vue's {{ }} is text.
export function keepText(md: MarkdownRenderer): void {
  const text = md.renderer.rules.text!
  md.renderer.rules.text = (...rest) => text(...rest).replaceAll('{{', '&#123;&#123;')
}

function outsidePath(href: string, page: string | undefined, docs: string): string | null {
  if (page === undefined || /^([a-z]+:|#|\/)/i.test(href)) {
    return null
  }
  const target = resolve(dirname(page), decodeURIComponent(href.replace(/#.*$/, '')))
  const path = relative(resolve(docs, '..'), target).replaceAll(sep, '/')
  const isPage = path.startsWith('docs/') && path.endsWith('.md')
  return !isPage && existsSync(target) ? path : null
}

function namedPage(name: string, page: string, docs: string): string | null {
  if (!/^[\w./-]+\.md$/.test(name)) {
    return null
  }
  const candidates = [resolve(dirname(page), name), resolve(docs, name), resolve(docs, '..', name)]
  const target = candidates.find(path => path !== page && path.startsWith(docs + sep) && existsSync(path))
  return target === undefined ? null : relative(docs, target).replaceAll(sep, '/').replace(/\.md$/, '.html').replace(/^README\.html$/, 'index.html')
}
