// Run once by the image of MongoDB, on an empty volume: the user that the service is.
db.getSiblingDB("admin").createUser({
  user: "lsa",
  pwd: process.env.LSA_PASSWORD,
  roles: [{ role: "readWrite", db: process.env.LSA_DATABASE }],
});
