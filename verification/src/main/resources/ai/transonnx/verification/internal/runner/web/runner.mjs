// Runs models with onnxruntime-node: one JSON object per line on standard input, one answer each on
// standard output. The argument is the folder of the package onnxruntime-node.

import {closeSync, openSync, readFileSync, readSync, writeSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {PREFIX, entries, explain, headerLength, parts, tensor} from './safetensors.mjs';

const LARGEST_READ = 1 << 30;

const folder = process.argv[2];
const {InferenceSession, Tensor} = library();
const sessions = new Map();

/** The names of the protocol's optimization levels in this API. */
const LEVELS = {none: 'disabled', basic: 'basic', extended: 'extended', all: 'all'};

/** Products with quantized weights in float32, as the operators are defined. */
const EXACT_PRODUCTS = {session: {qdq_matmulnbits_accuracy_level: '1'}};

/** Its compiled part may not fit this system. */
function library() {
  try {
    return createRequire(import.meta.url)(folder);
  } catch (error) {
    answer({ready: false, error: `${folder} cannot be loaded: ${explain(error)}`});
    process.exit(1);
  }
}

function answer(message) {
  const line = Buffer.from(JSON.stringify(message) + '\n');
  for (let written = 0; written < line.length; ) {
    written += writeSync(1, line, written);
  }
}

function fingerprint() {
  const {version} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return {
    runtime: 'onnxruntime-node',
    version,
    provider: 'CPUExecutionProvider',
    properties: {node: process.versions.node},
  };
}

function read(file, position, length) {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const count = readSync(file, bytes, done, Math.min(length - done, LARGEST_READ), position + done);
    if (count === 0) {
      throw new Error('the file of inputs is truncated');
    }
    done += count;
  }
  return bytes;
}

function readTensors(path) {
  const file = openSync(path, 'r');
  try {
    const length = headerLength(read(file, 0, PREFIX));
    const start = PREFIX + length;
    return Object.fromEntries(
      entries(read(file, PREFIX, length)).map((entry) => {
        const bytes = read(file, start + entry.begin, entry.end - entry.begin);
        return [entry.name, tensor(Tensor, entry, bytes)];
      }),
    );
  } finally {
    closeSync(file);
  }
}

function writeTensors(path, tensors) {
  const file = openSync(path, 'w');
  try {
    for (const part of parts(tensors)) {
      for (let done = 0; done < part.length; ) {
        done += writeSync(file, part, done, Math.min(part.length - done, LARGEST_READ));
      }
    }
  } finally {
    closeSync(file);
  }
}

async function load({id, model, options}) {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: LEVELS[options.level ?? 'all'],
    intraOpNumThreads: options.threads ?? 0,
    interOpNumThreads: 1,
    extra: EXACT_PRODUCTS,
  });
  sessions.set(id, session);
}

async function run({id, inputs, outputs, result}) {
  const values = await sessions.get(id).run(readTensors(inputs), outputs);
  writeTensors(result, values);
}

async function unload({id}) {
  await sessions.get(id).release();
  sessions.delete(id);
}

const operations = {load, run, unload};

console.log = console.info = console.debug = console.error;
answer({ready: true, fingerprint: fingerprint()});
for await (const line of createInterface({input: process.stdin})) {
  const request = JSON.parse(line);
  if (request.op === 'exit') {
    break;
  }
  try {
    await operations[request.op](request);
    answer({ok: true});
  } catch (error) {
    answer({ok: false, error: explain(error)});
  }
}
process.exit(0);
