// The same list on Strapi, which knows no MongoDB: articles of its own, in SQLite.
process.env.STRAPI_TELEMETRY_DISABLED = 'true'
const { mkdirSync } = require('node:fs')
const { createStrapi } = require('@strapi/strapi')

const ARTICLES = 30

async function main() {
  mkdirSync(`${__dirname}/public/uploads`, { recursive: true })
  const strapi = await createStrapi({ appDir: __dirname, distDir: __dirname }).load()
  const blogs = strapi.documents('api::blog.blog')
  const content = 'Kabar dari lapangan. '.repeat(20)
  for (let number = 0; number < ARTICLES; number++) {
    await blogs.create({ data: { title: `Arsip ${number}`, content, author: 'arsip@example.org' } })
  }
  await strapi.start()
}

main()
