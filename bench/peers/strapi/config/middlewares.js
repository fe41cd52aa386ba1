// Those of a new project, but none that writes a line for each answer: no other peer does.
module.exports = ['errors', 'security', 'cors', 'poweredBy', 'query', 'body', 'session', 'favicon', 'public']
  .map((name) => `strapi::${name}`)
