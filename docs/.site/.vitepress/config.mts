import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { parseContents } from './contents.mts'
import { followLinks, githubSlug, keepText, linkNames } from './markdown.mts'

const require = createRequire(import.meta.url)
const here = dirname(fileURLToPath(import.meta.url))
const docs = resolve(here, '../..')
const artifacts = join(docs, '../artifacts')
const groups = parseContents(readFileSync(join(docs, 'README.md'), 'utf8'))

// Where files beside the pages can be looked at, such as https://host/owner/bixbite/blob/main; without it they are named, not linked to.
const sources = process.env.BIXBITE_SOURCES?.replace(/\/$/, '')

export default defineConfig({
  title: 'Bixbite',
  description: 'A Redis-compatible in-memory data store in C#',
  lang: 'en',
  srcDir: docs,
  srcExclude: ['.site/**'],
  rewrites: { 'README.md': 'index.md' },
  outDir: join(artifacts, 'site'),
  cacheDir: join(artifacts, 'site-cache'),
  base: process.env.BIXBITE_SITE_BASE ?? '/',
  cleanUrls: false,
  metaChunk: true,

  markdown: {
    html: false,
    anchor: { slugify: githubSlug },
    config(md) {
      followLinks(md, docs, sources)
      linkNames(md, docs)
      keepText(md)
    }
  },

  // The pages lie outside of the folder of the packages, so what they import is looked up from here.
  vite: {
    resolve: {
      alias: [
        { find: /^vue$/, replacement: require.resolve('vue/dist/vue.runtime.esm-bundler.js') },
        { find: /^vue\/server-renderer$/, replacement: require.resolve('vue/server-renderer') }
      ]
    },
    build: { chunkSizeWarningLimit: 2000 }
  },

  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Getting started', link: '/guide/getting-started' },
      { text: 'Recipes', link: '/RECIPES' },
      { text: 'Commands', link: '/COMMANDS' },
      { text: 'Settings', link: '/SETTINGS' }
    ],
    sidebar: groups.map(group => ({
      text: group.title,
      collapsed: group.isApart,
      items: group.pages.map(page => ({ text: page.title, link: '/' + page.path.replace(/\.md$/, '') }))
    }))
  },

  transformPageData(page) {
    if (page.relativePath === 'index.md') {
      page.frontmatter.layout = 'home'
      page.frontmatter.hero = {
        name: 'Bixbite',
        text: 'A Redis-compatible in-memory data store',
        tagline: 'As a server, or within a .NET process.',
        actions: [
          { theme: 'brand', text: 'Get started', link: '/guide/getting-started' },
          { theme: 'alt', text: 'Recipes', link: '/RECIPES' },
          { theme: 'alt', text: 'Commands', link: '/COMMANDS' }
        ]
      }
    }
  }
})
