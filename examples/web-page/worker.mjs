// Loads the model and generates, in a thread of its own, so that the page stays responsive.

import {Contract, TokenLoop} from './model.mjs';
import {selector} from './sampling.mjs';
import {openTokenizer} from './text.mjs';

const PACKAGES = new URL('node_modules/', import.meta.url);
const ONNX_RUNTIME = new URL('onnxruntime-web/dist/', PACKAGES);
const TOKENIZERS = new URL('@huggingface/tokenizers/dist/tokenizers.min.mjs', PACKAGES);

let loaded;
let stopped;

async function open(url) {
  const response = await fetch(url).catch(() => {
    throw new Error(`${url}: the server does not respond`);
  });
  if (!response.ok) {
    throw new Error(`${url}: the server has no such file (status ${response.status})`);
  }
  return response;
}

async function json(url) {
  const response = await open(url);
  try {
    return await response.json();
  } catch {
    throw new Error(`${url}: is not JSON`);
  }
}

/** The bytes of a file; reports the progress. */
async function download(url) {
  const response = await open(url);
  const total = Number(response.headers.get('content-length'));
  const parts = [];
  let size = 0;
  for (const reader = response.body.getReader(); ; ) {
    const {done, value} = await reader.read();
    if (done) {
      return new Uint8Array(await new Blob(parts).arrayBuffer());
    }
    parts.push(value);
    size += value.length;
    postMessage({type: 'progress', size, total});
  }
}

async function contractOf(url) {
  const description = await json(url);
  try {
    return new Contract(description);
  } catch (error) {
    throw new Error(`${url}: ${error.message}`);
  }
}

async function runtime(provider) {
  if (provider === 'webgpu' && !(await navigator.gpu?.requestAdapter())) {
    throw new Error('this browser has no WebGPU device; compute with WebAssembly');
  }
  const script = new URL(`ort.${provider}.min.mjs`, ONNX_RUNTIME).href;
  const ort = await import(script).catch(() => {
    throw new Error(`${script}: cannot be loaded; 'npm install' in the folder of this page installs it`);
  });
  ort.env.wasm.wasmPaths = ONNX_RUNTIME.href;
  return ort;
}

/** Loads MODEL.onnx, with MODEL.json and what they name beside them. */
async function load({model, provider}) {
  loaded = undefined;
  const file = `${model}.onnx`;
  const description = `${model}.json`;
  const contract = await contractOf(description);
  const ort = await runtime(provider);
  const tokenizer = await openTokenizer(contract, () => json(`${file}.tokenizer.json`), TOKENIZERS.href);
  const bytes = await download(file);
  if (bytes.length !== contract.json.bytes) {
    throw new Error(
      `${description}: describes a file of ${contract.json.bytes} bytes, but ${file} has ${bytes.length}: write it anew with 'transonnx inspect'`,
    );
  }
  const externalData = [];
  for (const path of contract.externalFiles) {
    externalData.push({path, data: await download(new URL(path, file).href)});
  }
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: [provider],
    externalData,
  });
  await loaded?.session.release();
  loaded = {ort, session, contract, tokenizer};
  const {metadata} = contract;
  postMessage({
    type: 'loaded',
    library: metadata('library'),
    className: JSON.parse(metadata('config') ?? '{}').class,
    bytes: bytes.length + externalData.reduce((sum, {data}) => sum + data.length, 0),
    vocabulary: contract.vocabulary,
    window: contract.window,
    threads: ort.env.wasm.numThreads,
  });
}

/** Lets the messages that have arrived be handled, such as that of the button Stop. */
function handleMessages() {
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

async function generate({prompt, length, temperature, topK, seed}) {
  const {ort, session, contract, tokenizer} = loaded;
  stopped = false;
  const select = selector({temperature, topK, seed});
  const decode = tokenizer.decoder();
  const loop = new TokenLoop(ort, session, contract);
  let tokens = 0;
  const start = performance.now();
  let logits = await loop.feed(tokenizer.encode(prompt));
  const prefilled = performance.now();
  for (;;) {
    const token = select(logits);
    tokens++;
    postMessage({type: 'text', text: decode(token)});
    await handleMessages();
    if (stopped || tokens === length) {
      break;
    }
    logits = await loop.feed([token]);
  }
  postMessage({
    type: 'done',
    tokens,
    stopped,
    prefillMillis: prefilled - start,
    decodeMillis: performance.now() - prefilled,
    isFull: loop.position > contract.window,
  });
}

const operations = {load, generate};

onmessage = async ({data}) => {
  if (data.type === 'stop') {
    stopped = true;
    return;
  }
  try {
    await operations[data.type](data);
  } catch (error) {
    postMessage({type: 'error', message: String(error?.message ?? error).replace(/\s+/g, ' ')});
  }
};
