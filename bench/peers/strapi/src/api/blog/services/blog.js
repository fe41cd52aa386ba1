module.exports = require('@strapi/strapi').factories.createCoreService('api::blog.blog')
