// A peer that was written from docs/independent-peers.md alone. It needs Node 20 and no package.
//
//   node independent-peer.mjs dial HOST PORT COUNT [DEVICE-KEY]   initiator
//   node independent-peer.mjs listen COUNT [DEVICE-KEY]           responder; prints its port first
//
// Sends COUNT messages (a multiple of eight sizes), wants each back as it was, and prints
// {"device": own, "remote": the other's, "hash": handshake hash, "messages": COUNT}. With DEVICE-KEY the other side must be it.

import crypto from 'node:crypto';
import net from 'node:net';

const PREFACE = Buffer.from('replica/1\n', 'latin1');
const NAME = Buffer.from('Noise_XX_25519_ChaChaPoly_SHA256', 'latin1');
const LABEL = Buffer.from('replica/noise-static/1', 'latin1');
const INITIATOR = 0;
const RESPONDER = 1;
const REKEY_MESSAGES = 16384;
const EMPTY = Buffer.alloc(0);

// ---- primitives: raw 32-byte keys around Node's key objects

const PREFIX = {
  x25519: { private: '302e020100300506032b656e04220420', public: '302a300506032b656e032100' },
  ed25519: { private: '302e020100300506032b657004220420', public: '302a300506032b6570032100' },
};

const privateKey = (kind, raw) => crypto.createPrivateKey({
  key: Buffer.concat([Buffer.from(PREFIX[kind].private, 'hex'), raw]), format: 'der', type: 'pkcs8',
});
const publicKey = (kind, raw) => crypto.createPublicKey({
  key: Buffer.concat([Buffer.from(PREFIX[kind].public, 'hex'), raw]), format: 'der', type: 'spki',
});
const publicHalf = (key) => crypto.createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);

function keyPair(kind) {
  const secret = privateKey(kind, crypto.randomBytes(32));
  return { secret, open: publicHalf(secret) };
}

function dh(own, other) {
  const shared = crypto.diffieHellman({ privateKey: own.secret, publicKey: publicKey('x25519', other) });
  if (shared.every((b) => b === 0)) throw new Error('all-zero DH result');
  return shared;
}

const sha256 = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest();
const hmac = (key, ...parts) => crypto.createHmac('sha256', key).update(Buffer.concat(parts)).digest();

function hkdf2(ck, input) {
  const t = hmac(ck, input);
  const a = hmac(t, Buffer.from([1]));
  return [a, hmac(t, a, Buffer.from([2]))];
}

function nonce(n) {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(n)), 4);
  return bytes;
}

function seal(key, n, associated, text) {
  const cipher = crypto.createCipheriv('chacha20-poly1305', key, nonce(n), { authTagLength: 16 });
  cipher.setAAD(associated, { plaintextLength: text.length });
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

function open(key, n, associated, sealed) {
  const cipher = crypto.createDecipheriv('chacha20-poly1305', key, nonce(n), { authTagLength: 16 });
  cipher.setAAD(associated, { plaintextLength: sealed.length - 16 });
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

// ---- the handshake

class Handshake {
  constructor() {
    this.h = NAME;
    this.ck = NAME;
    this.k = null;
    this.n = 0;
    this.mixHash(PREFACE);
  }

  mixHash(x) { this.h = sha256(this.h, x); }

  mixKey(x) { [this.ck, this.k] = hkdf2(this.ck, x); this.n = 0; }

  encrypt(p) {
    const c = this.k ? seal(this.k, this.n++, this.h, p) : p;
    this.mixHash(c);
    return c;
  }

  decrypt(c) {
    const p = this.k ? open(this.k, this.n++, this.h, c) : c;
    this.mixHash(c);
    return p;
  }
}

const signed = (role, s) => Buffer.concat([LABEL, Buffer.from([0, role]), s]);
const payloadOf = (device, role, s) => Buffer.concat([device.open, crypto.sign(null, signed(role, s), device.secret)]);

function remoteOf(payload, role, s, wanted) {
  if (payload.length !== 96) throw new Error('the payload has ' + payload.length + ' bytes');
  const device = payload.subarray(0, 32);
  // Node's verifier refuses S that is too large; an honest peer sends no odd points, so this program looks no further.
  if (!crypto.verify(null, signed(role, s), publicKey('ed25519', device), payload.subarray(32))) {
    throw new Error('the signature does not hold');
  }
  if (wanted && device.toString('hex') !== wanted) throw new Error('another device answered: ' + device.toString('hex'));
  return device;
}

const framed = (message) => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
};

async function initiate(stream, device, wanted) {
  const state = new Handshake();
  const [s, e] = [keyPair('x25519'), keyPair('x25519')];
  state.mixHash(e.open);
  stream.write(Buffer.concat([PREFACE, framed(Buffer.concat([e.open, state.encrypt(EMPTY)]))]));

  const second = await stream.message(192);
  const [re, rs] = [second.subarray(0, 32), second.subarray(32, 80)];
  state.mixHash(re);
  state.mixKey(dh(e, re));
  const remoteStatic = state.decrypt(rs);
  state.mixKey(dh(e, remoteStatic));
  const remote = remoteOf(state.decrypt(second.subarray(80)), RESPONDER, remoteStatic, wanted);

  const sealedStatic = state.encrypt(s.open);
  state.mixKey(dh(s, re));
  stream.write(framed(Buffer.concat([sealedStatic, state.encrypt(payloadOf(device, INITIATOR, s.open))])));
  const [k1, k2] = hkdf2(state.ck, EMPTY);
  return { remote, hash: state.h, send: new Direction(k1), receive: new Direction(k2) };
}

async function respond(stream, device, wanted) {
  const state = new Handshake();
  const [s, e] = [keyPair('x25519'), keyPair('x25519')];
  if (!(await stream.take(PREFACE.length)).equals(PREFACE)) throw new Error('another preface');
  const re = await stream.message(32);
  state.mixHash(re);
  state.decrypt(EMPTY);

  state.mixHash(e.open);
  state.mixKey(dh(e, re));
  const sealedStatic = state.encrypt(s.open);
  state.mixKey(dh(s, re));
  stream.write(framed(Buffer.concat([e.open, sealedStatic, state.encrypt(payloadOf(device, RESPONDER, s.open))])));

  const third = await stream.message(160);
  const remoteStatic = state.decrypt(third.subarray(0, 48));
  state.mixKey(dh(e, remoteStatic));
  const remote = remoteOf(state.decrypt(third.subarray(48)), INITIATOR, remoteStatic, wanted);
  const [k1, k2] = hkdf2(state.ck, EMPTY);
  return { remote, hash: state.h, send: new Direction(k2), receive: new Direction(k1) };
}

// ---- transport messages

class Direction {
  constructor(key) { this.key = key; this.n = 0; }

  seal(text) { return this.count(seal(this.key, this.n, EMPTY, text)); }

  open(sealed) { return this.count(open(this.key, this.n, EMPTY, sealed)); }

  count(result) {
    this.n += 1;
    if (this.n % REKEY_MESSAGES === 0) {
      this.key = seal(this.key, -1n, EMPTY, Buffer.alloc(32)).subarray(0, 32);
    }
    return result;
  }
}

// ---- a stream that is read by exact lengths

class Stream {
  constructor(socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    this.chunks = socket[Symbol.asyncIterator]();
    this.rest = EMPTY;
    this.at = 0;
  }

  write(bytes) { return this.socket.write(bytes); }

  async take(length) {
    while (this.rest.length - this.at < length) {
      const { value, done } = await this.chunks.next();
      if (done) throw new Error('the other side closed');
      this.rest = Buffer.concat([this.rest.subarray(this.at), value]);
      this.at = 0;
    }
    this.at += length;
    return this.rest.subarray(this.at - length, this.at);
  }

  async message(due) {
    const length = (await this.take(2)).readUInt16BE();
    if (due !== undefined && length !== due) throw new Error(`a message of ${length} bytes where ${due} are due`);
    return this.take(length);
  }
}

const SIZES = [1, 2, 17, 100, 1000, 3, 8, 64];
const textOf = (index) => Buffer.alloc(index === 0 ? 65519 : SIZES[index % SIZES.length], index % 251);

async function exchange(socket, role, count, wanted) {
  const device = keyPair('ed25519');
  const stream = new Stream(socket);
  const session = await (role === INITIATOR ? initiate : respond)(stream, device, wanted);
  const reading = (async () => {
    for (let index = 0; index < count; index += 1) {
      const text = session.receive.open(await stream.message());
      if (!text.equals(textOf(index))) throw new Error(`message ${index} came back as another`);
    }
  })();
  for (let index = 0; index < count; index += 1) {
    if (!stream.write(framed(session.send.seal(textOf(index))))) {
      await new Promise((resolve) => { socket.once('drain', resolve); });
    }
  }
  await reading;
  socket.end();
  console.log(JSON.stringify({
    device: device.open.toString('hex'),
    remote: session.remote.toString('hex'),
    hash: session.hash.toString('hex'),
    messages: count,
  }));
}

async function main([mode, ...rest]) {
  if (mode === 'dial') {
    const [host, port, count, wanted] = rest;
    const socket = net.connect(Number(port), host);
    await exchange(socket, INITIATOR, Number(count), wanted);
  } else {
    const [count, wanted] = rest;
    const server = net.createServer({ allowHalfOpen: false });
    const socket = await new Promise((resolve) => {
      server.on('connection', resolve);
      server.listen(0, '127.0.0.1', () => console.log(server.address().port));
    });
    await exchange(socket, RESPONDER, Number(count), wanted);
    server.close();
  }
}

main(process.argv.slice(2)).catch((fault) => {
  console.error(fault.message);
  process.exit(1);
});
