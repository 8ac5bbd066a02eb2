// soul-cli listens on every address; this makes it the loopback one. Loaded by NODE_OPTIONS.
'use strict';

const net = require('node:net');

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function listenOnLoopback(port, ...rest) {
  return typeof port === 'number' ? listen.call(this, port, '127.0.0.1', ...rest) : listen.call(this, port, ...rest);
};
