// The same list on Payload: its own REST handler, in a plain Node.js server instead of Next.js.
import { createServer } from 'node:http'
import { mongooseAdapter } from '@payloadcms/db-mongodb'
import { buildConfig, getPayload, handleEndpoints } from 'payload'

const url = new URL(process.env.PEER_MONGODB_URL)
url.pathname = '/lsa'
const text = (name) => ({ name, type: 'text' })
const config = await buildConfig({
  secret: 'k'.repeat(32),
  telemetry: false,
  db: mongooseAdapter({ url: url.href, transactionOptions: false, disableIndexHints: true }),
  collections: [
    {
      slug: 'blogs',
      access: { read: () => true },
      fields: [...['title', 'content', 'author', 'image'].map(text),
        { name: 'created_at', type: 'date' }, { name: 'updated_at', type: 'date' }],
      timestamps: false,
    },
  ],
})
await getPayload({ config })

createServer(async (incoming, outgoing) => {
  const request = new Request(`http://127.0.0.1${incoming.url}`, { headers: incoming.headers })
  const response = await handleEndpoints({ config, request })
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}).listen(Number(process.argv.at(-1)), '127.0.0.1')
