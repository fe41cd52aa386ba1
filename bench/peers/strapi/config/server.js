module.exports = {
  host: '127.0.0.1',
  port: Number(process.argv.at(-1)),
  app: { keys: ['k'.repeat(32)] },
}
