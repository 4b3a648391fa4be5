// The two libraries by which receivers verify Standard Webhooks, unmodified; svix is an ES module.
const { Webhook: StandardWebhook } = require('standardwebhooks');
const { Webhook: SvixWebhook } = require('svix');

/** Makes a receiver of a library: it verifies with one key, as the receivers' guides of both say, and signs. */
function receiver(Webhook) {
  return {
    verify: (key, headers, body) => new Webhook(key).verify(body, headers),
    sign: (key, id, at, body) => new Webhook(key).sign(id, at, body),
  };
}

exports.receivers = { standardwebhooks: receiver(StandardWebhook), svix: receiver(SvixWebhook) };
