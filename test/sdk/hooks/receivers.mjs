// Receivers that others wrote: each verifies what Lobby sends in its own way, behind Express 4 or 5 or plain Node. PUT /NAME
// with a secret makes one; what is posted to /NAME then is 200 when its library accepts the signature. GET / lists the names.
import http from 'node:http';
import { createRequire } from 'node:module';
import express5 from 'express';
import express4 from 'express4';
import XHubSignature from 'x-hub-signature';
import { Webhooks } from '@octokit/webhooks';
import { verify as verifySHA256 } from '@octokit/webhooks-methods';

const require = createRequire(import.meta.url);
const { xHubSignatureMiddleware, extractRawBody } = require('x-hub-signature-middleware');
const expressXHub = require('express-x-hub');
const githubHandler = require('github-webhook-handler');
const expressGithub = require('express-github-webhook');

const failed = (error, _req, res, _next) => res.status(error.status ?? 400).end(String(error));
const thanks = (_req, res) => res.status(200).end('thanks');

// Libraries for GitHub also want its headers, which say nothing of who signed.
const asGitHub = (req, _res, next) => {
  req.headers['x-github-event'] = 'lobby';
  req.headers['x-github-delivery'] = 'lobby';
  next();
};

// raw checks the bytes of the body by a function.
const raw = (express, check) => (secret) => express()
  .use(express.raw({ type: '*/*', limit: '1mb' }))
  .use(async (req, res, next) => { (await check(secret, req)) ? next() : res.status(401).end(); }, thanks, failed);

const middleware = (express) => (secret) => express()
  .use(express.json({ verify: extractRawBody }))
  .use(xHubSignatureMiddleware({ algorithm: 'sha1', secret, require: true, getRawBody: (req) => req.rawBody }))
  .use(thanks).use(failed);

const xHub = (express) => (secret) => express()
  .use(expressXHub({ algorithm: 'sha1', secret }))
  .use((req, res) => res.status(req.isXHub && req.isXHubValid() ? 200 : 401).end());

const make = {
  'x-hub-signature-express4': raw(express4, (secret, req) => new XHubSignature('sha1', secret).verify(req.get('X-Hub-Signature'), req.body)),
  'x-hub-signature-express5': raw(express5, (secret, req) => new XHubSignature('sha1', secret).verify(req.get('X-Hub-Signature'), req.body)),
  'x-hub-signature-middleware-express4': middleware(express4),
  'x-hub-signature-middleware-express5': middleware(express5),
  'express-x-hub-express4': xHub(express4),
  'octokit-webhooks-methods-sha256': raw(express5, (secret, req) => verifySHA256(secret, req.body.toString('utf8'), req.get('X-Hub-Signature-256'))),
  'octokit-webhooks-sha256': raw(express4, (secret, req) => new Webhooks({ secret }).verify(req.body.toString('utf8'), req.get('X-Hub-Signature-256'))),
  'github-webhook-handler': (secret) => {
    const handler = githubHandler({ path: '/', secret });
    handler.on('error', () => {});
    return (req, res) => {
      req.url = '/';
      asGitHub(req, res, () => handler(req, res, () => {}));
    };
  },
  'express-github-webhook-express4': (secret) => {
    const handler = expressGithub({ path: '/', secret });
    handler.on('error', () => {});
    return express4().use(express4.json(), asGitHub, handler);
  },
};

const receivers = {};

const server = http.createServer((req, res) => {
  const name = req.url.slice(1);
  if (req.method === 'GET') {
    res.end(JSON.stringify(Object.keys(make)));
  } else if (req.method === 'PUT') {
    let secret = '';
    req.on('data', (piece) => { secret += piece; }).on('end', () => {
      receivers[name] = make[name](secret);
      res.end();
    });
  } else {
    req.url = '/';
    receivers[name](req, res);
  }
});

server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
