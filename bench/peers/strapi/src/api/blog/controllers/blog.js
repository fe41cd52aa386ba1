module.exports = require('@strapi/strapi').factories.createCoreController('api::blog.blog')
