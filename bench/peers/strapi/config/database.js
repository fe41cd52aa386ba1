module.exports = {
  connection: {
    client: 'sqlite',
    connection: { filename: process.env.PEER_SQLITE },
    useNullAsDefault: true,
  },
}
